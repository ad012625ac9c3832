#include "gateway/app/locations.h"

#include <filesystem>
#include <system_error>

namespace lienthong::app {

Locations installed_locations() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto prefix = program.parent_path().parent_path();
  return {(prefix / "share/lienthong/mappings").string(), (prefix / "lib/lienthong/adapters").string()};
}

Locations locations_with(const std::string& mappings, const std::string& adapters) {
  auto locations = installed_locations();
  if (!mappings.empty()) locations.mappings = mappings;
  if (!adapters.empty()) locations.adapters = adapters;
  return locations;
}

}  // namespace lienthong::app
