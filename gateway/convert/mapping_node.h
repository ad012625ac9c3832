#pragma once
// A mapping file as a tree whose every node knows its place, so that errors and explanations can name it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/convert/diagnostics.h"

namespace lienthong::convert {

struct Place {
  std::string_view file;  // lives as long as the SourceTexts that made it
  unsigned line = 0;
  unsigned column = 0;
};

struct MappingMember;

struct MappingNode {
  enum class Kind : std::uint8_t { Empty, Scalar, List, Map };

  Kind kind = Kind::Empty;
  Place place;
  std::string text;                    // Scalar
  std::vector<MappingNode> items;      // List
  std::vector<MappingMember> members;  // Map, in the file's order, keys distinct

  bool is_scalar() const noexcept { return kind == Kind::Scalar; }
  bool is_list() const noexcept { return kind == Kind::List; }
  bool is_map() const noexcept { return kind == Kind::Map; }
  const MappingMember* find(std::string_view key) const noexcept;  // null when absent or no map
};

struct MappingMember {
  std::string key;
  Place place;  // of the key
  MappingNode value;
};

// Reads YAML. Duplicate keys, anchors that make the tree larger than kMaxMappingNodes, and nesting deeper
// than kMaxMappingDepth are errors. Nothing when the file cannot be read as YAML at all. `file` must outlive
// the tree.
inline constexpr std::size_t kMaxMappingNodes = 100'000;
inline constexpr unsigned kMaxMappingDepth = 40;
std::optional<MappingNode> parse_mapping(std::string_view file, const std::string& text,
                                         Diagnostics& diagnostics);

// Puts `overlay` on `base`: a member of the overlay replaces the base's member of that name, an empty one
// removes it. A path as name reaches into the base: "maritalStatus.table", "identifier[0].system", and
// "telecom[+]" adds an item to a list. A path that leads nowhere is an error.
void apply_overlay(MappingNode& base, const MappingNode& overlay, Diagnostics& diagnostics);

}  // namespace lienthong::convert
