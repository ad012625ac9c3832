#pragma once
// Internal to net: ASCII comparisons without regard to case, as HTTP's names want them (RFC 9110 §5.1).

#include <cstddef>
#include <string_view>

namespace lienthong::net {

constexpr char ascii_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
  }
  return true;
}

}  // namespace lienthong::net
