#pragma once
// The most similar name, for "did you mean".

#include <array>
#include <span>
#include <string_view>

namespace lienthong::sdk {

// Edits (insert, delete, change) from `a` to `b`; names longer than 63 bytes count as very far.
inline std::size_t edit_distance(std::string_view a, std::string_view b) noexcept {
  constexpr std::size_t kLongest = 63;
  if (a.size() > kLongest || b.size() > kLongest) return kLongest + 1;
  std::array<std::size_t, kLongest + 1> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      const std::size_t shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
      row[j] = changed < shorter ? changed : shorter;
    }
  }
  return row[b.size()];
}

// The candidate with the fewest edits; empty when nothing is within a third of the name's length (at least
// one edit).
inline std::string_view nearest(std::string_view name,
                                std::span<const std::string_view> candidates) noexcept {
  std::size_t best = name.size() / 3 + 2;
  std::string_view found;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance >= best) continue;
    best = distance;
    found = candidate;
  }
  return found;
}

}  // namespace lienthong::sdk
