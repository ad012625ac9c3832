// encode(), decode(), escape(), unescape().
#include <array>

#include "fhir-model/path/machine.h"
#include "fhir-model/path/utf8.h"

namespace fhir::path {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";

std::string to_base64(std::string_view text, std::string_view alphabet) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    const std::size_t count = std::min<std::size_t>(3, text.size() - i);
    for (std::size_t j = 0; j < 3; ++j) {
      bits = (bits << 8) | (j < count ? static_cast<unsigned char>(text[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out.push_back(j <= count ? alphabet[(bits >> (18 - 6 * j)) & 63U] : '=');
    }
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text, std::string_view alphabet) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const std::size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out.push_back(static_cast<char>((bits >> count) & 0xFFU));
  }
  return out;
}

std::string to_hex(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 15U]);
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

struct Entity {
  char character;
  std::string_view name;
};
constexpr std::array<Entity, 5> kEntities = {
    {{'"', "&quot;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'&', "&amp;"}, {'\'', "&#39;"}}};

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    std::string_view name(&c, 1);
    for (const Entity& entity : kEntities) {
      if (entity.character == c) name = entity.name;
    }
    out += name;
  }
  return out;
}

// &#39; and &#x27;; 0 when `reference` (without & and ;) is no number.
std::uint32_t numeric_reference(std::string_view reference) {
  if (reference.size() < 2 || reference.size() > 9 || reference[0] != '#') return 0;
  const bool hex = reference[1] == 'x' || reference[1] == 'X';
  std::uint32_t value = 0;
  for (const char c : reference.substr(hex ? 2 : 1)) {
    const int digit = hex_digit(c);
    if (digit < 0 || (!hex && digit > 9)) return 0;
    value = value * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
  }
  return value;
}

// The character that "&name;" stands for; 0 for unknown names.
std::uint32_t entity_character(std::string_view reference) {
  if (reference == "&apos;") return '\'';
  for (const Entity& entity : kEntities) {
    if (reference == entity.name) return static_cast<unsigned char>(entity.character);
  }
  return numeric_reference(reference.substr(1, reference.size() - 2));
}

std::string unescape_html(std::string_view text) {
  constexpr std::size_t kLongest = 12;
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text[0] == '&' ? text.substr(0, kLongest).find(';') : std::string_view::npos;
    const std::uint32_t character =
        end != std::string_view::npos ? entity_character(text.substr(0, end + 1)) : 0;
    if (character != 0) {
      append_character(out, character);
      text.remove_prefix(end + 1);
    } else {
      out.push_back(text[0]);
      text.remove_prefix(1);
    }
  }
  return out;
}

constexpr std::string_view kEscaped = "\"\\\b\f\n\r\t";
constexpr std::string_view kLetters = "\"\\bfnrt";

std::string escape_json(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const std::size_t index = kEscaped.find(c);
    if (index != std::string_view::npos) {
      out.push_back('\\');
      out.push_back(kLetters[index]);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += to_hex(std::string_view(&c, 1));
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string unescape_json(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    const std::size_t index = next == '\0' ? std::string_view::npos : kLetters.find(next);
    if (index != std::string_view::npos) {
      out.push_back(kEscaped[index]);
      ++i;
    } else if (next == '/') {
      out.push_back('/');
      ++i;
    } else if (next == 'u' && i + 5 < text.size() && from_hex(text.substr(i + 2, 4))) {
      std::uint32_t value = 0;
      for (std::size_t j = 2; j < 6; ++j)
        value = value * 16 + static_cast<std::uint32_t>(hex_digit(text[i + j]));
      append_character(out, value);
      i += 5;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

// Decoded bytes that are no text have no place in a string.
bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = character_length(lead);
    if (lead >= 0x80 && (lead < 0xC2 || lead > 0xF4 || length > text.size())) return false;
    for (std::size_t i = 1; i < length; ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

bool Machine::eval_codec(const Step& step, std::string_view text, std::string_view format) {
  const bool encode = step.function == Function::Encode;
  const bool decode = step.function == Function::Decode;
  if (!charge(text.size() / 16)) return false;
  std::optional<std::string> result;
  if (encode && format == "base64") result = to_base64(text, kBase64);
  if (encode && format == "urlbase64") result = to_base64(text, kUrlBase64);
  if (encode && format == "hex") result = to_hex(text);
  if (decode && format == "base64") result = from_base64(text, kBase64);
  if (decode && format == "urlbase64") result = from_base64(text, kUrlBase64);
  if (decode && format == "hex") result = from_hex(text);
  if (step.function == Function::Escape && format == "html") result = escape_html(text);
  if (step.function == Function::Escape && format == "json") result = escape_json(text);
  if (step.function == Function::Unescape && format == "html") result = unescape_html(text);
  if (step.function == Function::Unescape && format == "json") result = unescape_json(text);
  if (!result || (decode && !is_utf8(*result))) return true;
  return push_text(*result);
}

}  // namespace fhir::path
