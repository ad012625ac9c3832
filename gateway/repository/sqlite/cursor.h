#pragma once
// The opaque text of a next link: where the page ended, and of which question.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lienthong::repository::sqlite {

struct Cursor {
  std::uint64_t question = 0;  // hash of type and filters: a link of another question is refused
  std::int64_t first = 0;      // what the order compares first (a change number, microseconds), 0 if nothing
  std::int64_t second = 0;     // then the row
};

std::string encode_cursor(const Cursor& cursor);
// nullopt when it is none of ours, or of another question.
std::optional<Cursor> decode_cursor(std::string_view text, std::uint64_t question);

}  // namespace lienthong::repository::sqlite
