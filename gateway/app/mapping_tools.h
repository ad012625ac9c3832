#pragma once
// Adapters and mappings, loaded for a command.

#include <memory>
#include <string>
#include <string_view>

#include "gateway/app/command.h"
#include "gateway/app/locations.h"
#include "gateway/base/catalogue.h"
#include "gateway/convert/adapter_registry.h"
#include "gateway/convert/converter.h"
#include "gateway/convert/program.h"

namespace lienthong::app {

inline constexpr Option kMappingsOption = {"--mappings",
                                           "DIR",
                                           {"the folder of the mappings, when not the installed one",
                                            "thư mục ánh xạ, nếu không dùng bản đã cài đặt"}};
inline constexpr Option kAdaptersOption = {"--adapters",
                                           "DIR",
                                           {"the folder of the adapters, when not the installed one",
                                            "thư mục bộ đọc định dạng, nếu không dùng bản đã cài đặt"}};
inline constexpr Option kProfileOption = {"--profile",
                                          "NAME",
                                          {"how messages are read: a name from `lienthong profiles`",
                                           "cách đọc bản tin: một tên trong `lienthong profiles`"},
                                          true};
inline constexpr Option kFacilityOption = {"--facility",
                                           "CODE",
                                           {"the facility every key begins with, when not the profile's",
                                            "mã cơ sở đứng đầu mọi khóa, nếu khác trong hồ sơ đọc"}};

// One thread. Must outlive the programs it has loaded.
class MappingTools {
 public:
  // Loads the adapters; what is wrong with one goes to standard error.
  MappingTools(Language language, const Locations& locations);

  // Another folder where profiles are looked for, behind those there are; fine when it is one of them.
  void add_folder(const std::string& folder);

  const convert::MappingFolders& folders() const noexcept { return folders_; }
  const convert::AdapterRegistry& registry() const noexcept { return registry_; }
  // The gateway's texts and the adapters'.
  const Catalogue& catalogue() const noexcept { return catalogue_; }
  Language language() const noexcept { return language_; }

  // Null when it cannot be loaded; then every reason has been said on standard error.
  std::shared_ptr<const convert::Program> load(const Invocation& call, std::string_view profile) const;

 private:
  Language language_;
  Catalogue catalogue_;
  convert::AdapterRegistry registry_;
  convert::MappingFolders folders_;
};

// The locations a call names by --mappings and --adapters.
Locations locations_of(const Invocation& call);

// What a command that has no configured source reads messages with: the profile's defaults and the call's
// --facility.
convert::SourceSettings settings_of(const Invocation& call, const convert::ProfileInfo& profile);

// Says all diagnostics on standard error.
void say_diagnostics(const convert::Diagnostics& diagnostics, Language language);

// A receipt after every message's own time: no clock gets into the output of `convert`, which is the same
// over two runs.
Instant receipt_of_tools() noexcept;

}  // namespace lienthong::app
