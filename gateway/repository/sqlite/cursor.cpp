#include "gateway/repository/sqlite/cursor.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstdio>

namespace lienthong::repository::sqlite {
namespace {

constexpr std::size_t kParts = 3, kDigits = 16;

}  // namespace

std::string encode_cursor(const Cursor& cursor) {
  char text[kParts * kDigits + 1];
  std::snprintf(text, sizeof text, "%016llx%016llx%016llx", static_cast<unsigned long long>(cursor.question),
                static_cast<unsigned long long>(cursor.first),
                static_cast<unsigned long long>(cursor.second));
  return text;
}

std::optional<Cursor> decode_cursor(std::string_view text, std::uint64_t question) {
  if (text.size() != kParts * kDigits) return std::nullopt;
  std::array<std::uint64_t, kParts> parts{};
  for (std::size_t i = 0; i < kParts; ++i) {
    const char* first = text.data() + i * kDigits;
    const auto parsed = std::from_chars(first, first + kDigits, parts[i], 16);
    if (parsed.ec != std::errc() || parsed.ptr != first + kDigits) return std::nullopt;
  }
  if (parts[0] != question) return std::nullopt;
  return Cursor{parts[0], std::bit_cast<std::int64_t>(parts[1]), std::bit_cast<std::int64_t>(parts[2])};
}

}  // namespace lienthong::repository::sqlite
