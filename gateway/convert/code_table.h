#pragma once
// Code tables: CSV files with the columns of HL7's v2-to-FHIR sheets, looked up by the source's code.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/convert/diagnostics.h"

namespace lienthong::convert {

// One row. A row without a target code says: known, and nothing in FHIR stands for it (no problem is raised).
struct CodeRow {
  std::string code;  // as the source sends it
  std::string target_code;
  std::string target_display;
  std::string target_system;
  std::string file;  // where the row stands
  unsigned line = 0;
  std::string coding;  // the members of a Coding as JSON, each with its comma; empty when a part is no value
                       // of its type. Made by build_index().
  bool is_guarded = false;  // its Coding may ask for a label (sensitivity.h)
};

// Columns: code,text,system,target code,display,target system,comment. Only the first, fourth, fifth and
// sixth are used; the others are for the people who review the table. Filled at load, then read by any
// thread.
class CodeTable {
 public:
  CodeTable(std::string name, std::string file) : name_(std::move(name)), file_(std::move(file)) {}

  // Adds the rows of a file; rows of later files replace those of earlier ones with the same code (overlays).
  // A code that stands twice in one file is an error.
  void read(const std::string& file, std::string_view csv, Diagnostics& diagnostics);

  // Must be called once after the last read().
  void build_index();

  // Sets CodeRow::is_guarded.
  void guard(const std::function<bool(const CodeRow&)>& is_guarded);

  // Null when the code has no row. Codes are compared exactly. Constant time.
  const CodeRow* find(std::string_view code) const noexcept;

  const std::string& name() const noexcept { return name_; }
  const std::string& file() const noexcept { return file_; }  // the last one read
  const std::vector<CodeRow>& rows() const noexcept { return rows_; }

 private:
  void add_row(const std::vector<std::string>& cells, unsigned line, std::size_t first_of_file,
               Diagnostics& diagnostics);

  std::string name_;
  std::string file_;
  std::vector<CodeRow> rows_;
  std::unordered_map<std::string, std::size_t> by_code_;  // while loading
  std::vector<std::uint32_t> slots_;  // index + 1 into rows_; a power of two, at most half full
};

}  // namespace lienthong::convert
