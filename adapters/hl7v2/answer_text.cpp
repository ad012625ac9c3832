#include "adapters/hl7v2/answer_text.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace lienthong::hl7v2 {
namespace {

// Base letters of U+00C0 … U+017F; '?' where there is none.
constexpr std::string_view kLatin =
    "AAAAAAACEEEEIIIIDNOOOOO?OUUUUY?saaaaaaaceeeeiiiidnooooo?ouuuuy?y"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
    "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(kLatin.size() == 0x180 - 0xC0);

// U+1EA0 … U+1EF9: capital and small letters take turns.
char vietnamese(char32_t c) noexcept {
  struct Row {
    char32_t end;
    char capital;
  };
  constexpr Row kRows[] = {{0x1EB8, 'A'}, {0x1EC8, 'E'}, {0x1ECC, 'I'},
                           {0x1EE4, 'O'}, {0x1EF2, 'U'}, {0x1EFA, 'Y'}};
  for (const Row& row : kRows) {
    if (c < row.end) return static_cast<char>(row.capital + (c % 2 == 0 ? 0 : 0x20));
  }
  return '?';
}

// One character from the front of UTF-8 text; broken bytes come one by one as U+FFFD.
char32_t take_character(std::string_view& text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t size = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
  char32_t value = size == 1 ? first : first & (0x7FU >> size);
  bool valid = size != 0 && size <= text.size();
  for (std::size_t i = 1; valid && i < size; ++i) {
    valid = (byte(i) & 0xC0) == 0x80;
    value = value << 6 | (byte(i) & 0x3FU);
  }
  text.remove_prefix(valid ? size : 1);
  return valid ? value : char32_t{0xFFFD};
}

}  // namespace

char without_marks(char32_t c) noexcept {
  if (c < 0x80) return static_cast<char>(c);
  if (c >= 0xC0 && c < 0x180) return kLatin[c - 0xC0];
  if (c >= 0x300 && c < 0x370) return '\0';
  if (c == 0x1A0 || c == 0x1A1) return c == 0x1A0 ? 'O' : 'o';
  if (c == 0x1AF || c == 0x1B0) return c == 0x1AF ? 'U' : 'u';
  if (c >= 0x1EA0 && c <= 0x1EF9) return vietnamese(c);
  if (c == 0x2026) return '.';
  if (c == 0x2018 || c == 0x2019) return '\'';
  if (c == 0x201C || c == 0x201D) return '"';
  return c == 0x2013 || c == 0x2014 ? '-' : '?';
}

AnswerText& AnswerText::raw(std::string_view bytes) noexcept {
  if (failed_ || bytes.empty()) return *this;
  if (size_ + bytes.size() > capacity_) {
    const std::size_t wanted = std::max<std::size_t>(512, (size_ + bytes.size()) * 2);
    char* larger = host_.allocate<char>(wanted);
    failed_ = larger == nullptr;
    if (failed_) return *this;
    if (size_ != 0) std::memcpy(larger, bytes_, size_);
    bytes_ = larger;
    capacity_ = wanted;
  }
  std::memcpy(bytes_ + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
  return *this;
}

AnswerText& AnswerText::fields(std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) raw(delimiters_.field);
  return *this;
}

AnswerText& AnswerText::number(std::uint32_t value) noexcept {
  char digits[12];
  const auto result = std::to_chars(digits, digits + sizeof(digits), value);
  return raw({digits, static_cast<std::size_t>(result.ptr - digits)});
}

void AnswerText::escaped(char c) noexcept {
  const Delimiters& d = delimiters_;
  const char name = c == d.field          ? 'F'
                    : c == d.component    ? 'S'
                    : c == d.subcomponent ? 'T'
                    : c == d.repetition   ? 'R'
                    : c == d.escape       ? 'E'
                                          : '\0';
  if (static_cast<unsigned char>(c) < 0x20) {
    raw(' ');
  } else if (name == '\0') {
    raw(c);
  } else if (d.escape == '\0') {
    raw(' ');
  } else {
    raw(d.escape).raw(name).raw(d.escape);
  }
}

AnswerText& AnswerText::text(std::string_view utf8, std::size_t longest) noexcept {
  std::size_t taken = 0;
  while (!utf8.empty()) {
    const std::string_view before = utf8;
    const char32_t character = take_character(utf8);
    const std::size_t size = before.size() - utf8.size();
    if (taken + size > longest) break;
    taken += size;
    const bool keep = utf8_ && character >= 0x80 && character != 0xFFFD;
    const char plain = without_marks(character);
    if (keep) {
      raw(before.substr(0, size));
    } else if (plain != '\0') {
      escaped(plain);
    }
  }
  return *this;
}

}  // namespace lienthong::hl7v2
