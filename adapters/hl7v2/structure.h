#pragma once
// How the segments of a kind of message nest into groups: one table a message structure (HL7 v2.5.1 chapters
// 3 … 13), read tolerantly by grouping.h.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "adapters/hl7v2/scan.h"

namespace lienthong::hl7v2 {

using GroupName = std::uint16_t;  // place in group_names(), the same in all structures
constexpr GroupName kNoGroupName = UINT16_MAX;

// A short list of segments.
struct SegmentList {
  std::array<SegmentId, 24> ids{};
  std::uint32_t count = 0;

  bool has(SegmentId id) const noexcept { return find(id) < count; }
  std::uint32_t find(SegmentId id) const noexcept {
    std::uint32_t i = 0;
    while (i < count && ids[i] != id) ++i;
    return i;
  }
};

struct GroupDefinition {
  GroupName name = kNoGroupName;
  std::uint8_t parent = 0;
  bool single = false;         // at most one in its parent, and not after a later sister
  bool any_order = false;      // its anchors come in any order, each once
  bool after_results = false;  // takes OBX only when its parent already has an OBSERVATION
  SegmentList anchors;  // each starts an instance, unless it comes behind an earlier anchor of the same one
  SegmentList members;
  SegmentList
      restarts;        // besides its own anchors: what may start a further instance through a group within it
  SegmentList shared;  // members that groups within it hold too: a path means the direct ones
};

struct Structure {
  std::string_view name;
  std::array<GroupDefinition, 16> groups{};  // [0] is the message itself; parents come before their groups
  std::uint8_t count = 0;
};

// The structure for a message, from MSH-9.3 where it is known, else MSH-9.1 and MSH-9.2; a general one
// otherwise.
const Structure& structure_for(std::string_view type, std::string_view event,
                               std::string_view declared) noexcept;

// Whether any structure holds the segment in a group and in one within it.
bool is_ever_shared(SegmentId id) noexcept;

std::span<const std::string_view> group_names() noexcept;
GroupName find_group_name(std::string_view name) noexcept;

}  // namespace lienthong::hl7v2
