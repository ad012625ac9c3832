#pragma once
// A profile's mapping, checked against FHIR R4 and compiled: what a Converter runs.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/convert/adapter_registry.h"
#include "gateway/convert/converter.h"
#include "gateway/convert/diagnostics.h"

namespace lienthong::convert {

// Where mappings are looked for: folders like the repository's own mappings/. Earlier ones win.
struct MappingFolders {
  std::vector<std::string> roots;
};

// What profile.toml says (docs: mappings/README.md, "profile.toml").
struct ProfileInfo {
  std::string name;     // "hl7v2", "hisnguonmo"
  std::string version;  // of the mapping, as its author counts
  std::string title;
  std::string adapter;  // the adapter's name
  std::string extends;  // the profile this one overlays; empty for a base
  std::string folder;   // where its files lie
  std::vector<std::pair<std::string, std::string>> options;  // for the adapter
  SourceSettings defaults;   // facility, utc_offset, charset … for commands that are given no source
  std::string decimal_sign;  // semantics 12: the sign declared for numbers; empty = none is declared
  // Source paths of what the envelope of the adapter ABI does not tell (MSH-15, MSH-16); empty = the format
  // has none.
  // How facilities' own codes look (like.h): a source whose facility is written so takes only messages of
  // that sender (semantics 1). Empty: any sender of a source without a table.
  std::string sender_form;
  std::string accept_ack, application_ack;
};

// One file that a mapping was compiled from.
struct ProgramFile {
  std::string name;  // below the mappings' folder: "hl7v2/segments/PID.yaml"
  std::string path;
  std::uint64_t hash = 0;  // hash_of_content()
};

struct ProgramData;  // program_data.h

// Immutable; shared by all threads.
class Program {
 public:
  explicit Program(std::unique_ptr<const ProgramData> data);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  const ProfileInfo& profile() const noexcept;
  const Adapter& adapter() const noexcept;
  // Name, version and a hash of all files: "hl7v2 1.4 #8f3c…". Equal for equal mappings, on every machine.
  const std::string& identity() const noexcept;
  // What it was compiled from, sorted by name.
  const std::vector<ProgramFile>& files() const noexcept;
  // Whether a table of the mapping has a row for the code now; false without such a table.
  bool maps(std::string_view table, std::string_view code) const noexcept;
  // The codes of a table that are nearest to `code`, the best first, at most three; for people.
  std::vector<std::string> nearest_codes(std::string_view table, std::string_view code) const;
  // The message types that some mapping takes, sorted: "ADT^A01".
  std::vector<std::string> message_types() const;
  // How many instructions the mapping compiled to.
  std::size_t instruction_count() const noexcept;
  const ProgramData& data() const noexcept { return *data_; }

 private:
  std::unique_ptr<const ProgramData> data_;
};

// The files' contents, name and content, as they are now. Conflict (LT-2156) when one has changed since it
// was compiled.
Result<std::vector<std::pair<std::string, std::string>>> read_program_files(const Program& program);

// The names of the profiles that can be seen, usable or not.
std::vector<std::string> profile_names(const MappingFolders& folders);

// All profiles that can be seen, sorted by name; what is wrong with a profile.toml goes to `diagnostics`.
std::vector<ProfileInfo> find_profiles(const MappingFolders& folders, Diagnostics& diagnostics);

// Loads, checks and compiles one profile. Errors: NotFound (no such profile; the text names the nearest),
// Incorrect (the diagnostics say every reason, with file, line and column), Unavailable (its adapter is not
// loaded). `registry` must outlive the program.
Result<std::shared_ptr<const Program>> load_profile(const MappingFolders& folders, std::string_view name,
                                                    const AdapterRegistry& registry,
                                                    Diagnostics& diagnostics);

}  // namespace lienthong::convert
