#pragma once
// A TOML file as a plain tree with positions. All of toml++ is behind this.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"

namespace lienthong::app {

struct Position {
  std::uint32_t line = 0, column = 0;  // from 1; 0 = the file as a whole
};

// A value of the file. `key` and `key_position` are set for members of a table.
struct TomlNode {
  enum class Kind : std::uint8_t { Text, Integer, Boolean, Real, Time, List, Table };
  Kind kind = Kind::Table;
  Position position;
  std::string key;
  Position key_position;
  std::string text;                // Text
  std::int64_t integer = 0;        // Integer
  bool boolean = false;            // Boolean
  std::vector<TomlNode> children;  // List: items; Table: members, in the order of the file

  const TomlNode* find(std::string_view name) const noexcept;
};

// Where and why a text is no TOML.
struct TomlFailure {
  Position position;
  std::string text;
};

// Duplicate keys are a failure, as TOML says.
tl::expected<TomlNode, TomlFailure> parse_toml(std::string_view text);

}  // namespace lienthong::app
