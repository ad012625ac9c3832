#pragma once
// Finds a profile's mapping files and code tables, with overlays applied.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/convert/code_table.h"
#include "gateway/convert/mapping_node.h"

namespace lienthong::convert {

// One profile's files while it is loaded. One thread.
class MappingLibrary {
 public:
  // `folders`: the profile's own first, then what it extends. `roots`: where "extends:" is looked up.
  MappingLibrary(std::vector<std::string> folders, std::vector<std::string> roots, Diagnostics& diagnostics);

  // The file kind/NAME.yaml ("segments", "PID"), overlays applied; null when there is none or it cannot be
  // read.
  const MappingNode* find(const std::string& kind, const std::string& name);
  // The names of all files of one kind, sorted.
  std::vector<std::string> names(const std::string& kind) const;
  // Why find() gave nothing, for an error where the file is named: it is absent (and what was meant), or it
  // is there and wrong itself.
  std::string absence_of(const std::string& kind, const std::string& name) const;

  // The table codes/NAME.csv, base rows first, then the overlays'; null when there is none.
  CodeTable* find_table(const std::string& name);
  std::vector<std::string> table_names() const;
  std::vector<std::unique_ptr<CodeTable>>& tables() noexcept { return tables_; }
  // Every file read so far, with a hash of its content, by path.
  const std::map<std::string, std::uint64_t>& files_read() const noexcept { return files_read_; }
  // Counts a file as read that somebody else has read.
  void note_file(const std::string& file);

 private:
  std::optional<std::string> read(const std::string& file);
  std::optional<MappingNode> load(const std::string& file, std::vector<std::string>& open_files);
  void extend(MappingNode& node, std::vector<std::string>& open_files);
  std::string_view keep(const std::string& file);

  std::vector<std::string> folders_, roots_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::optional<MappingNode>> cache_;
  std::vector<std::unique_ptr<std::string>> file_names_;
  std::vector<std::unique_ptr<CodeTable>> tables_;
  std::map<std::string, std::uint64_t> files_read_;
};

// The name among `names` that is nearest to `name`, if near enough to be meant; else empty.
std::string nearest_name(const std::vector<std::string>& names, std::string_view name);
// "; was X meant?" or nothing.
std::string suggestion(const std::string& nearest);

// What a file's content is told apart by.
std::uint64_t hash_of_content(std::string_view content) noexcept;

// The whole file, or nothing.
std::optional<std::string> read_file(const std::string& file);

}  // namespace lienthong::convert
