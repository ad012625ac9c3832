#include "gateway/app/settings.h"

#include <array>

#include "gateway/app/settings_sections.h"

namespace lienthong::app {

std::span<const Section> all_sections() {
  static const std::array<Section, 7> sections = {
      gateway_section(),    store_section(),  http_section(),       token_section(),
      repository_section(), source_section(), destination_section()};
  return sections;
}

const Section& section_of(SectionId id) {
  return all_sections()[static_cast<std::size_t>(id)];
}

}  // namespace lienthong::app
