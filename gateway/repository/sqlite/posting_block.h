#pragma once
// A run of ascending row numbers: the first as a number, the others as the distance to the one before, in
// varints.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/repository/sqlite/byte_codec.h"

namespace lienthong::repository::sqlite {

using Rows = std::vector<std::int64_t>;  // ascending, each once

// A row of the table post. 900 bytes, so that it stays in its page (a quarter of 4 KiB).
struct PostingBlock {
  static constexpr std::size_t kMostBytes = 900;

  std::int64_t first = 0, last = 0, count = 0;
  std::string steps;  // the rows behind the first

  // `row` must be above `last`, or the block empty. False: no room, nothing was added.
  bool append(std::int64_t row) {
    if (count == 0) {
      first = last = row;
      count = 1;
      steps.clear();
      return true;
    }
    char varint[10];
    std::size_t size = 0;
    for (auto step = static_cast<std::uint64_t>(row - last); size == 0 || step != 0; step >>= 7) {
      varint[size++] = static_cast<char>((step & 0x7F) | (step >= 0x80 ? 0x80 : 0));
    }
    if (steps.size() + size > kMostBytes) return false;
    steps.append(varint, size);
    last = row;
    ++count;
    return true;
  }
};

// Adds the block's rows to `out`; damaged bytes end it early.
inline void append_rows(std::int64_t first, std::int64_t count, std::string_view steps, Rows& out) {
  if (count <= 0) return;
  out.push_back(first);
  ByteReader in(steps);
  for (std::int64_t i = 1; i < count && !in.at_end(); ++i) {
    first += static_cast<std::int64_t>(in.number());
    if (!in.ok()) return;
    out.push_back(first);
  }
}

// As many blocks as the rows need.
inline std::vector<PostingBlock> blocks_of(std::span<const std::int64_t> rows) {
  std::vector<PostingBlock> blocks;
  for (const std::int64_t row : rows) {
    if (!blocks.empty() && blocks.back().append(row)) continue;
    blocks.emplace_back();
    blocks.back().append(row);
  }
  return blocks;
}

}  // namespace lienthong::repository::sqlite
