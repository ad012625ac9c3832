#pragma once
// The groups of one message: which segments belong together.

#include <cstdint>

#include "adapters/hl7v2/structure.h"

namespace lienthong::hl7v2 {

struct Group {
  std::uint32_t parent;   // place in the array of groups
  std::uint32_t first;    // its first segment
  std::uint32_t end;      // one behind its last
  std::uint32_t anchors;  // which of its anchors were seen, a bit each
  std::uint32_t sisters;  // which group definitions have an instance in it, a bit each
  std::uint8_t definition;
};

// No segment opens more groups than this.
constexpr std::uint32_t kDeepestGroup = 4;
constexpr std::uint32_t group_capacity(std::uint32_t segments) noexcept {
  return segments * kDeepestGroup + 1;
}

// Fills `groups` (room for group_capacity()) and every segment's `group`; returns how many there are.
// groups[0] is the message; groups stand in the order of their first segments, parents before what they hold.
// Never fails: a segment that fits nowhere stays with the group that is open (an extension, a sender's own
// order of segments).
std::uint32_t group_segments(const Structure& structure, Scan& scan, Group* groups) noexcept;

}  // namespace lienthong::hl7v2
