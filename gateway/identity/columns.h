#pragma once
// Lists of numbers as the tables of this room hold them. Internal to the room.

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/store/statement.h"

namespace lienthong::identity {

// A column with numbers of 8 bytes, one behind the other, in the byte order of this machine. The Blob views
// `numbers`.
template <class Number>
store::Blob as_blob(const std::vector<Number>& numbers) {
  static_assert(sizeof(Number) == 8);
  return {{reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)}};
}

template <class Number>
std::vector<Number> from_blob(std::string_view bytes) {
  static_assert(sizeof(Number) == 8);
  std::vector<Number> numbers(bytes.size() / sizeof(Number));
  if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(Number));
  return numbers;
}

// Adds the first column of all rows that are left.
inline Result<void> collect(store::Statement rows, std::vector<std::int64_t>& out) {
  for (;;) {
    const auto row = rows.step();
    if (!row) return forward(row);
    if (!*row) return {};
    out.push_back(rows.integer(0));
  }
}

}  // namespace lienthong::identity
