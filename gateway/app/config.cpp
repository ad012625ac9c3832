#include "gateway/app/config.h"

#include <fmt/format.h>

namespace lienthong::app {

Position position_of(const ConfigLocations& locations, std::string_view place) {
  for (;;) {
    if (const auto found = locations.find(place); found != locations.end()) return found->second;
    const auto dot = place.rfind('.');
    if (dot == std::string_view::npos) return {};
    place = place.substr(0, dot);
  }
}

std::string place_in_file(const Config& config, std::string_view place) {
  const auto position = position_of(config.locations, place);
  return position.line == 0 ? config.file
                            : fmt::format("{}:{}:{}", config.file, position.line, position.column);
}

std::string place_of_source(std::size_t index) {
  return fmt::format("source[{}]", index);
}

std::string place_of_destination(std::size_t index) {
  return fmt::format("destination[{}]", index);
}

}  // namespace lienthong::app
