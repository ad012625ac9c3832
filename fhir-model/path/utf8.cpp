#include "fhir-model/path/utf8.h"

namespace fhir::path {
namespace {

bool between(std::uint32_t c, std::uint32_t low, std::uint32_t high) {
  return c >= low && c <= high;
}

// Blocks where capitals and small letters alternate, the capital first (even code point unless `odd`).
bool alternates(std::uint32_t c, bool& odd) {
  odd = between(c, 0x139, 0x148) || between(c, 0x179, 0x17E) || between(c, 0x1CD, 0x1DC) ||
        between(c, 0x1AF, 0x1B0);
  return odd || between(c, 0x100, 0x12F) || between(c, 0x132, 0x137) || between(c, 0x14A, 0x177) ||
         between(c, 0x1A0, 0x1A5) || between(c, 0x1DE, 0x1EF) || between(c, 0x1F8, 0x21F) ||
         between(c, 0x222, 0x233) || between(c, 0x370, 0x373) || between(c, 0x3D8, 0x3EF) ||
         between(c, 0x460, 0x481) || between(c, 0x48A, 0x4BF) || between(c, 0x4D0, 0x52F) ||
         between(c, 0x1E00, 0x1E95) || between(c, 0x1EA0, 0x1EFF);
}

std::uint32_t upper_of(std::uint32_t c) {
  if (c < 0x80) return between(c, 'a', 'z') ? c - 32 : c;
  if (between(c, 0xE0, 0xFE) && c != 0xF7) return c - 32;
  if (c == 0xFF) return 0x178;
  bool odd = false;
  if (alternates(c, odd)) return ((c & 1U) != 0) != odd ? c - 1 : c;
  if (between(c, 0x3B1, 0x3C9) && c != 0x3C2) return c - 32;
  if (c == 0x3AC) return 0x386;
  if (between(c, 0x3AD, 0x3AF)) return c - 37;
  if (between(c, 0x430, 0x44F)) return c - 32;
  if (between(c, 0x450, 0x45F)) return c - 80;
  return c;
}

std::uint32_t lower_of(std::uint32_t c) {
  if (c < 0x80) return between(c, 'A', 'Z') ? c + 32 : c;
  if (between(c, 0xC0, 0xDE) && c != 0xD7) return c + 32;
  if (c == 0x178) return 0xFF;
  bool odd = false;
  if (alternates(c, odd)) return ((c & 1U) == 0) != odd ? c + 1 : c;
  if (between(c, 0x391, 0x3A9) && c != 0x3A2) return c + 32;
  if (c == 0x386) return 0x3AC;
  if (between(c, 0x388, 0x38A)) return c + 37;
  if (between(c, 0x410, 0x42F)) return c + 32;
  if (between(c, 0x400, 0x40F)) return c + 80;
  return c;
}

template <class Map>
std::string mapped(std::string_view text, Map map) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t length = 0;
    const std::uint32_t c = first_character(text, length);
    const std::uint32_t other = map(c);
    if (other == c) {
      out.append(text.substr(0, length));
    } else {
      append_character(out, other);
    }
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace

std::size_t character_length(unsigned char lead) {
  if (lead >= 0xF0) return 4;
  if (lead >= 0xE0) return 3;
  return lead >= 0xC0 ? 2 : 1;
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++count;
  }
  return count;
}

std::size_t character_offset(std::string_view text, std::size_t index) {
  std::size_t offset = 0;
  for (; index > 0 && offset < text.size(); --index) {
    offset += character_length(static_cast<unsigned char>(text[offset]));
  }
  return offset < text.size() ? offset : text.size();
}

void append_character(std::string& out, std::uint32_t c) {
  if (c > 0x10FFFF || between(c, 0xD800, 0xDFFF)) c = 0xFFFD;
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0U | (c >> 6));
  } else if (c < 0x10000) {
    put(0xE0U | (c >> 12));
    put(0x80U | ((c >> 6) & 0x3FU));
  } else {
    put(0xF0U | (c >> 18));
    put(0x80U | ((c >> 12) & 0x3FU));
    put(0x80U | ((c >> 6) & 0x3FU));
  }
  put(0x80U | (c & 0x3FU));
}

std::uint32_t first_character(std::string_view text, std::size_t& length) {
  const auto lead = static_cast<unsigned char>(text[0]);
  length = character_length(lead);
  if (length == 1) return lead < 0x80 ? lead : 0xFFFD;
  if (length > text.size()) {
    length = 1;
    return 0xFFFD;
  }
  std::uint32_t c = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) c = (c << 6) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return c;
}

std::string to_upper(std::string_view text) {
  return mapped(text, upper_of);
}

std::string to_lower(std::string_view text) {
  return mapped(text, lower_of);
}

}  // namespace fhir::path
