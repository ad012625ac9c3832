#pragma once
// Where the program finds its mappings and adapters.

#include <string>

namespace lienthong::app {

// The folders may not exist: whoever opens them says so.
struct Locations {
  std::string mappings;
  std::string adapters;
};

// Beside the program: PROGRAM/../share/lienthong/mappings and PROGRAM/../lib/lienthong/adapters. The build
// folder has the same layout as an installation (cmake/install.cmake links the source tree's mappings there).
// Any thread.
Locations installed_locations();

// Those, with what is not empty put in their place (--mappings, --adapters, the configuration).
Locations locations_with(const std::string& mappings, const std::string& adapters);

}  // namespace lienthong::app
