#include <algorithm>

#include "gateway/convert/value_text.h"

namespace lienthong::convert {
namespace {

constexpr std::size_t kLongestNumber = 40;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string_view take_digits(std::string_view& text) noexcept {
  std::size_t n = 0;
  while (n < text.size() && is_digit(text[n])) ++n;
  const auto digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

// "1.200" or "1,200": one to three digits, a sign, exactly three digits: thousands or decimals?
bool is_ambiguous(std::string_view whole, std::string_view fraction) noexcept {
  return whole.size() <= 3 && !whole.empty() && whole != "0" && fraction.size() == 3;
}

}  // namespace

std::optional<ShortText> read_number(std::string_view text, char decimal_sign) noexcept {
  text = trimmed(text);
  if (text.empty() || text.size() > kLongestNumber || decimal_sign == kNoNumber) return std::nullopt;
  ShortText out;
  if (text.front() == '-') out.add('-');
  if (text.front() == '-' || text.front() == '+') text.remove_prefix(1);
  auto whole = take_digits(text);
  std::string_view fraction;
  bool has_sign = false;
  if (!text.empty() && (text.front() == '.' || text.front() == ',')) {
    if (decimal_sign != '\0' && text.front() != decimal_sign) return std::nullopt;
    has_sign = true;
    text.remove_prefix(1);
    fraction = take_digits(text);
    if (decimal_sign == '\0' && is_ambiguous(whole, fraction)) return std::nullopt;
  }
  if (!text.empty() || (whole.empty() && fraction.empty())) return std::nullopt;
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  out.add(whole.empty() ? "0" : whole);
  if (has_sign && !fraction.empty()) {
    out.add('.');
    out.add(fraction);
  }
  return out;
}

std::string_view leading_comparator(std::string_view text, std::string_view& rest) noexcept {
  text = trimmed(text);
  std::size_t n = 0;
  if (!text.empty() && (text[0] == '<' || text[0] == '>')) n = text.size() > 1 && text[1] == '=' ? 2 : 1;
  rest = trimmed(text.substr(n));
  return text.substr(0, n);
}

}  // namespace lienthong::convert
