#include "fhir-model/document/json_string.h"

#include <cstring>

#include "fhir-model/document/utf8.h"

namespace fhir {
namespace {

// The character that a single-letter escape stands for; 0 when there is no such escape.
char simple_escape(char letter) {
  switch (letter) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '/':
      return '/';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

// Four hexadecimal digits at `at`; false when they are not there.
bool read_hex4(std::string_view raw, std::size_t at, std::uint32_t& value) {
  if (raw.size() < at + 4) return false;
  value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const char c = raw[i];
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      digit = static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
    } else {
      return false;
    }
    value = value * 16 + digit;
  }
  return true;
}

enum class UnicodeEscape : std::uint8_t { Good, Malformed, LoneSurrogate };

// A \uXXXX escape or pair of them whose backslash is at `at`; moves `at` behind it.
UnicodeEscape read_unicode_escape(std::string_view raw, std::size_t& at, std::uint32_t& code_point) {
  if (!read_hex4(raw, at + 2, code_point)) return UnicodeEscape::Malformed;
  at += 6;
  if (code_point < 0xD800 || code_point > 0xDFFF) return UnicodeEscape::Good;
  std::uint32_t low = 0;
  const bool pair = code_point < 0xDC00 && raw.substr(at, 2) == "\\u" && read_hex4(raw, at + 2, low);
  if (!pair || low < 0xDC00 || low > 0xDFFF) return UnicodeEscape::LoneSurrogate;
  at += 6;
  code_point = 0x10000 + ((code_point - 0xD800) << 10) + (low - 0xDC00);
  return UnicodeEscape::Good;
}

}  // namespace

Unescaped unescape_json(std::string_view raw, char* out) {
  char* const start = out;
  std::size_t at = 0;
  while (at < raw.size()) {
    if (raw[at] != '\\') {
      const std::size_t plain = std::min(raw.find('\\', at), raw.size()) - at;
      std::memcpy(out, raw.data() + at, plain);
      out += plain;
      at += plain;
      continue;
    }
    const std::size_t escape = at;
    const char letter = at + 1 < raw.size() ? raw[at + 1] : '\0';
    if (letter != 'u') {
      const char meant = simple_escape(letter);
      if (meant == 0) return {0, true, ReadErrorKind::InvalidEscape, escape};
      *out++ = meant;
      at += 2;
      continue;
    }
    std::uint32_t code_point = 0;
    const UnicodeEscape result = read_unicode_escape(raw, at, code_point);
    if (result == UnicodeEscape::Malformed) return {0, true, ReadErrorKind::InvalidEscape, escape};
    if (result == UnicodeEscape::LoneSurrogate) return {0, true, ReadErrorKind::LoneSurrogate, escape};
    out = append_utf8(code_point, out);
  }
  return {static_cast<std::size_t>(out - start), false, ReadErrorKind::InvalidEscape, 0};
}

}  // namespace fhir
