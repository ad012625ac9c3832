#pragma once
// What an lt_node holds: which part of the dossier, where it stands.  LT_ROOT is all zero bits.

#include <cstdint>

#include "adapters/sdk/adapter.h"

namespace lienthong::bhyt {

enum class NodeKind : std::uint8_t { Root = 0, Row = 1, Item = 2, Group = 3 };

// 2 bits kind, 4 bits table, 24 bits row or group, 8 bits field, 20 bits item of a list.
struct Node {
  NodeKind kind = NodeKind::Root;
  std::uint32_t table = 0, row = 0, field = 0, item = 0;

  static constexpr std::uint32_t kMostRows = 1U << 24, kMostItems = 1U << 20;

  lt_node pack() const noexcept {
    return static_cast<lt_node>(kind) << 62 | static_cast<lt_node>(table) << 58 |
           static_cast<lt_node>(row & (kMostRows - 1)) << 28 | static_cast<lt_node>(field) << 20 |
           (item & (kMostItems - 1));
  }
  static Node unpack(lt_node packed) noexcept {
    return {static_cast<NodeKind>(packed >> 62), static_cast<std::uint32_t>(packed >> 58 & 15),
            static_cast<std::uint32_t>(packed >> 28) & (kMostRows - 1),
            static_cast<std::uint32_t>(packed >> 20 & 255),
            static_cast<std::uint32_t>(packed) & (kMostItems - 1)};
  }
};

}  // namespace lienthong::bhyt
