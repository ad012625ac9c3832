#include "adapters/tabular/value_format.h"

#include <algorithm>
#include <array>

namespace lienthong::tabular {
namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
bool is_sign(char c) noexcept {
  return c == '.' || c == ',' || c == ' ' || c == '\'';
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::size_t digits_at(std::string_view text) noexcept {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) ++n;
  return n;
}

// Comparator, blanks and sign in front of a number.
std::size_t front_of_number(std::string_view text) noexcept {
  std::size_t n = 0;
  if (n < text.size() && (text[n] == '<' || text[n] == '>')) ++n;
  if (n == 1 && n < text.size() && text[n] == '=') ++n;
  while (n < text.size() && text[n] == ' ') ++n;
  if (n < text.size() && (text[n] == '-' || text[n] == '+')) ++n;
  return n;
}

enum Part : std::size_t { Year, Month, Day, Hour, Minute, Second, PartCount };

std::size_t part_of(char letter) noexcept {
  constexpr std::string_view kLetters = "yMdHms";
  return kLetters.find(letter);
}

struct TimeText {
  std::array<std::string_view, PartCount> parts{};
};

// Parts that stand where their letters do, which is so in nearly all tables: a column is read row by row.
bool match_shape(std::string_view pattern, std::string_view shape, std::string_view text,
                 TimeText& out) noexcept {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (shape[i] == '0' ? !is_digit(text[i]) : text[i] != shape[i]) return false;
  }
  for (std::size_t i = 0; i < text.size();) {
    const auto letters = std::min(pattern.find_first_not_of(pattern[i], i), text.size()) - i;
    if (shape[i] == '0') out.parts[part_of(pattern[i])] = text.substr(i, letters);
    i += letters;
  }
  return true;
}

// Digits for one run of a pattern's letter: as many as letters; a single letter takes one or two.
bool take_part(std::string_view& text, std::size_t letters, std::string_view& out) noexcept {
  const std::size_t found = digits_at(text.substr(0, letters == 1 ? 2 : letters));
  if (found == 0 || (letters > 1 && found != letters)) return false;
  out = text.substr(0, found);
  text.remove_prefix(found);
  return true;
}

bool match(std::string_view pattern, std::string_view text, TimeText& out) noexcept {
  while (!pattern.empty()) {
    const char c = pattern.front();
    const std::size_t part = part_of(c);
    if (part == std::string_view::npos) {
      if (text.empty() || text.front() != c) return false;
      pattern.remove_prefix(1);
      text.remove_prefix(1);
      continue;
    }
    const std::size_t letters = std::min(pattern.find_first_not_of(c), pattern.size());
    pattern.remove_prefix(letters);
    if (!take_part(text, letters, out.parts[part])) return false;
  }
  return text.empty();
}

}  // namespace

bool ValueFormat::parse_number(std::string_view example, ValueFormat& out) {
  std::string signs;
  for (const char c : trimmed(example)) {
    if (is_sign(c)) signs += c;
    if (!is_sign(c) && !is_digit(c)) return false;
  }
  if (signs.empty() || signs.size() > 2 || (signs.size() == 2 && signs[0] == signs[1])) return false;
  if (signs.back() != '.' && signs.back() != ',') return false;
  out.kind_ = Kind::Number;
  out.decimal_ = signs.back();
  out.thousands_ = signs.size() == 2 ? signs[0] : '\0';
  return true;
}

bool ValueFormat::parse_time(std::string_view patterns, ValueFormat& out) {
  for (;;) {
    const std::size_t bar = patterns.find('|');
    const std::string_view pattern = trimmed(patterns.substr(0, bar));
    std::array<std::size_t, PartCount> letters{};
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const std::size_t part = part_of(pattern[i]);
      if (part == std::string_view::npos) {
        if (is_digit(pattern[i]) || (pattern[i] | 0x20) == 'y') return false;
        continue;
      }
      if (letters[part] != 0 && pattern[i - 1] != pattern[i]) return false;  // the same part twice
      ++letters[part];
    }
    if (letters[Year] != 4) return false;
    if (std::any_of(letters.begin() + 1, letters.end(), [](std::size_t n) { return n > 2; })) return false;
    for (std::size_t part = Month; part < PartCount; ++part) {  // a day needs its month, an hour its day …
      if (letters[part] != 0 && letters[part - 1] == 0) return false;
    }
    if (letters[Hour] != 0 && letters[Minute] == 0) return false;
    out.patterns_.push_back({std::string(pattern), shape_of(pattern)});
    if (bar == std::string_view::npos) break;
    patterns.remove_prefix(bar + 1);
  }
  out.kind_ = Kind::Time;
  return true;
}

std::string ValueFormat::shape_of(std::string_view pattern) {
  std::string shape(pattern);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (part_of(pattern[i]) == std::string_view::npos) continue;
    const bool is_alone =
        (i == 0 || pattern[i - 1] != pattern[i]) && (i + 1 == pattern.size() || pattern[i + 1] != pattern[i]);
    if (is_alone) return {};
    shape[i] = '0';
  }
  return shape;
}

bool ValueFormat::looks_like_number(std::string_view text) noexcept {
  text = trimmed(text);
  const std::string_view rest = text.substr(front_of_number(text));
  return !rest.empty() &&
         std::all_of(rest.begin(), rest.end(), [](char c) { return is_digit(c) || is_sign(c); });
}

std::size_t ValueFormat::apply(std::string_view text, char* out) const noexcept {
  text = trimmed(text);
  if (text.empty() || text.size() > kLongest / 2) return 0;
  if (kind_ == Kind::Number) return apply_number(text, out);
  for (const Pattern& pattern : patterns_) {
    if (const std::size_t size = apply_time(pattern, text, out); size != 0) return size;
  }
  return 0;
}

std::size_t ValueFormat::apply_number(std::string_view text, char* out) const noexcept {
  const std::size_t front = front_of_number(text);
  char* end = std::copy_n(text.data(), front, out);
  text.remove_prefix(front);
  std::size_t digits = digits_at(text);
  if (digits == 0) return 0;
  const bool may_group = digits <= 3 && text.front() != '0';  // "0.200" has no thousands
  end = std::copy_n(text.data(), digits, end);
  text.remove_prefix(digits);
  while (thousands_ != '\0' && !text.empty() && text.front() == thousands_) {
    text.remove_prefix(1);
    if (!may_group || digits_at(text) != 3) return 0;
    end = std::copy_n(text.data(), 3, end);
    text.remove_prefix(3);
  }
  if (!text.empty() && text.front() == decimal_) {
    text.remove_prefix(1);
    digits = digits_at(text);
    if (digits == 0) return 0;
    *end++ = '.';
    end = std::copy_n(text.data(), digits, end);
    text.remove_prefix(digits);
  }
  return text.empty() ? static_cast<std::size_t>(end - out) : 0;
}

std::size_t ValueFormat::apply_time(const Pattern& pattern, std::string_view text, char* out) noexcept {
  constexpr char kBefore[PartCount] = {'\0', '-', '-', 'T', ':', ':'};
  TimeText time;
  const bool fits = pattern.shape.empty() ? match(pattern.text, text, time)
                                          : match_shape(pattern.text, pattern.shape, text, time);
  if (!fits) return 0;
  char* end = out;
  for (std::size_t part = 0; part < PartCount && !time.parts[part].empty(); ++part) {
    if (kBefore[part] != '\0') *end++ = kBefore[part];
    if (part != Year && time.parts[part].size() == 1) *end++ = '0';
    end = std::copy(time.parts[part].begin(), time.parts[part].end(), end);
  }
  return static_cast<std::size_t>(end - out);
}

}  // namespace lienthong::tabular
