#include "fhir-model/document/xml_text.h"

#include <algorithm>
#include <cstdint>

#include "fhir-model/document/utf8.h"

namespace fhir {
namespace {

// XML 1.0 §2.2, production Char.
bool is_xml_character(std::uint32_t code) {
  if (code < 0x20) return code == 0x9 || code == 0xA || code == 0xD;
  return code <= 0xD7FF || (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

// The number written in `digits` to the base 10 or 16; 0 when there is none or it is too large.
std::uint32_t read_number(std::string_view digits, std::uint32_t base) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    const char lower = static_cast<char>(c | 0x20);
    std::uint32_t digit = 99;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (lower >= 'a' && lower <= 'f') digit = static_cast<std::uint32_t>(lower - 'a' + 10);
    if (digit >= base || value > 0x110000) return 0;
    value = value * base + digit;
  }
  return value;
}

// The character of a reference's name ("amp", "#10", "#xA"); 0 when there is none.
std::uint32_t referenced(std::string_view name) {
  if (name == "amp") return '&';
  if (name == "lt") return '<';
  if (name == "gt") return '>';
  if (name == "quot") return '"';
  if (name == "apos") return '\'';
  std::uint32_t code = 0;
  if (name.starts_with("#x")) {
    code = read_number(name.substr(2), 16);
  } else if (name.starts_with("#")) {
    code = read_number(name.substr(1), 10);
  }
  return is_xml_character(code) ? code : 0;
}

// The character of the reference whose '&' is at `at`, which moves behind it; 0 when there is none.
std::uint32_t read_reference(std::string_view text, std::size_t& at) {
  const std::size_t end = text.substr(at, 12).find(';');
  if (end == std::string_view::npos) return 0;
  const std::uint32_t code = referenced(text.substr(at + 1, end - 1));
  at += end + 1;
  return code;
}

}  // namespace

bool needs_xml_decoding(std::string_view raw) {
  return std::any_of(raw.begin(), raw.end(),
                     [](char c) { return c == '&' || (c != ' ' && is_xml_space(c)); });
}

std::size_t decode_xml_attribute(std::string_view raw, char* out, std::size_t& error_at) {
  char* const start = out;
  for (std::size_t at = 0; at < raw.size();) {
    if (raw[at] != '&') {
      if (raw[at] == '\r' && raw.substr(at, 2) == "\r\n") ++at;  // a line end is one space (XML 1.0 §2.11)
      *out++ = is_xml_space(raw[at]) ? ' ' : raw[at];
      ++at;
      continue;
    }
    error_at = at;
    const std::uint32_t code = read_reference(raw, at);
    if (code == 0) return std::string_view::npos;
    out = append_utf8(code, out);
  }
  return static_cast<std::size_t>(out - start);
}

bool has_valid_references(std::string_view text, std::size_t& error_at) {
  for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at)) {
    error_at = at;
    if (read_reference(text, at) == 0) return false;
  }
  return true;
}

bool append_xml_attribute(std::string_view text, std::string& out) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\t':
        out += "&#x9;";
        break;
      case '\n':
        out += "&#xA;";
        break;
      case '\r':
        out += "&#xD;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) return false;
        out += c;
    }
  }
  return true;
}

}  // namespace fhir
