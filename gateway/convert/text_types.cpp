#include "gateway/convert/text_types.h"

#include <algorithm>
#include <cstdint>

namespace lienthong::convert {
namespace {

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Most codes and URIs are nothing but letters, digits and signs.
bool is_solid(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

// code: no leading, trailing or double spaces; leading and trailing ones are gone already.
bool is_code(std::string_view text) noexcept {
  if (is_solid(text)) return true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) < ' ' ||
        (text[i] == ' ' && i + 1 < text.size() && text[i + 1] == ' '))
      return false;
  }
  return true;
}

bool is_id(std::string_view text) noexcept {
  return text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '.';
         });
}

bool is_base64(std::string_view text) noexcept {
  std::size_t letters = 0, padding = 0;
  for (const char c : text) {
    if (is_space(c)) continue;
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    if (c == '=')
      ++padding;
    else if (!letter || padding > 0)
      return false;
    ++letters;
  }
  return letters % 4 == 0 && padding <= 2 && letters > padding;
}

bool has_control(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r';
  });
}

}  // namespace

bool is_of_type(WriteAs as, std::string_view text) noexcept {
  switch (as) {
    case WriteAs::String:
      return true;
    case WriteAs::Code:
      return is_code(text);
    case WriteAs::Uri:
      return is_solid(text);
    case WriteAs::Id:
      return is_id(text);
    case WriteAs::Base64:
      return is_base64(text);
    default:
      return false;
  }
}

bool fits_text(WriteAs as, std::string_view text) noexcept {
  return is_of_type(as, text) && !has_control(text);
}

bool is_integer(std::string_view text, WriteAs as) noexcept {
  constexpr std::int64_t kMost = 2147483647;
  const bool negative = text.front() == '-';
  if (text.size() - (negative ? 1u : 0u) > 10 || (negative && as != WriteAs::Integer)) return false;
  std::int64_t value = 0;
  for (const char c : text.substr(negative ? 1 : 0)) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  return value <= kMost + (negative ? 1 : 0) && (value > 0 || as != WriteAs::PositiveInt);
}

std::string_view type_name(WriteAs as) noexcept {
  constexpr std::string_view kNames[] = {"string",  "code",        "uri",         "id",     "base64Binary",
                                         "date",    "dateTime",    "instant",     "time",   "decimal",
                                         "integer", "positiveInt", "unsignedInt", "boolean"};
  return kNames[static_cast<std::size_t>(as)];
}

}  // namespace lienthong::convert
