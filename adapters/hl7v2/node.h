#pragma once
// What an lt_node holds: which part of the record, where it stands.  LT_ROOT is all zero bits.

#include <cstdint>

#include "adapters/sdk/adapter.h"

namespace lienthong::hl7v2 {

enum class NodeKind : std::uint8_t {
  Root = 0,
  Group = 1,
  Segment = 2,
  Repetition = 3,
  Component = 4,
  Subcomponent = 5
};

// 3 bits kind, 2 bits which scan (the message, or a batch's header), 27 bits group or segment, 32 bits
// offset.
struct Node {
  NodeKind kind = NodeKind::Root;
  std::uint32_t scan = 0;
  std::uint32_t item = 0;    // the group, or the segment
  std::uint32_t offset = 0;  // where the repetition or component begins

  static constexpr std::uint32_t kMostItems = 1U << 27;

  lt_node pack() const noexcept {
    return static_cast<lt_node>(kind) << 61 | static_cast<lt_node>(scan & 3) << 59 |
           static_cast<lt_node>(item & (kMostItems - 1)) << 32 | offset;
  }
  static Node unpack(lt_node packed) noexcept {
    return {static_cast<NodeKind>(packed >> 61), static_cast<std::uint32_t>(packed >> 59 & 3),
            static_cast<std::uint32_t>(packed >> 32) & (kMostItems - 1), static_cast<std::uint32_t>(packed)};
  }
};

}  // namespace lienthong::hl7v2
