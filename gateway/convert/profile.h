#pragma once
// Finding and reading profile.toml. Private to this room.

#include <optional>
#include <string>
#include <vector>

#include "gateway/convert/program.h"

namespace lienthong::convert {

// One profile with what it extends, nearest first.
struct ProfileChain {
  ProfileInfo info;                  // with what was inherited
  std::vector<std::string> folders;  // its own, then those it extends
};

// Nothing when it does not exist or something is wrong, which is then a diagnostic.
std::optional<ProfileChain> load_profile_chain(const MappingFolders& folders, std::string_view name,
                                               Diagnostics& diagnostics);

// Folders that hold a profile.toml, by the profile's name.
std::vector<std::pair<std::string, std::string>> list_profiles(const MappingFolders& folders);

}  // namespace lienthong::convert
