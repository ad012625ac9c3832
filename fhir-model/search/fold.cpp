#include "fhir-model/search/fold.h"

#include <algorithm>
#include <cstdint>

#include "fhir-model/search/generated/fold_table.h"

namespace fhir::search {
namespace {

constexpr char32_t kInvalid = 0xFFFFFFFF;

// Decodes one character at `at` and moves behind it; kInvalid for a byte that begins none (RFC 3629).
char32_t decode(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead > 0xF4 || at + length > text.size()) return ++at, kInvalid;
  if (length == 1) return ++at, lead;
  char32_t code = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return ++at, kInvalid;
    code = (code << 6) | (byte(at + i) & 0x3Fu);
  }
  at += length;
  return code;
}

bool is_space(char32_t code) {
  return code <= 0x20 || code == 0xA0 || (code >= 0x2000 && code <= 0x200B) || code == 0x3000;
}

bool is_mark(char32_t code) {
  return (code >= 0x300 && code <= 0x36F) || (code >= 0x1AB0 && code <= 0x1AFF) ||
         (code >= 0x1DC0 && code <= 0x1DFF);
}

// The table's two characters for a Latin letter; null outside the ranges.
const char* folded_pair(char32_t code) {
  if (code >= 0xC0 && code <= 0x24F) return generated::kFoldC0 + 2 * (code - 0xC0);
  if (code >= 0x1E00 && code <= 0x1EFF) return generated::kFold1E00 + 2 * (code - 0x1E00);
  return nullptr;
}

char* put_folded(char32_t code, std::string_view original, char* out) {
  if (code < 0x80) {
    *out++ = code >= 'A' && code <= 'Z' ? static_cast<char>(code + 0x20) : static_cast<char>(code);
    return out;
  }
  const char* pair = folded_pair(code);
  if (pair == nullptr || pair[0] == ' ') return std::copy(original.begin(), original.end(), out);
  *out++ = pair[0];
  if (pair[1] != ' ') *out++ = pair[1];
  return out;
}

}  // namespace

std::size_t fold_text(std::string_view utf8, char* out) {
  char* end = out;
  bool space_pending = false;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t start = at;
    const char32_t code = decode(utf8, at);
    if (code == kInvalid || is_mark(code)) continue;
    if (is_space(code)) {
      space_pending = end != out;
      continue;
    }
    if (space_pending) *end++ = ' ';
    space_pending = false;
    end = put_folded(code, utf8.substr(start, at - start), end);
  }
  return static_cast<std::size_t>(end - out);
}

std::string fold_text(std::string_view utf8) {
  std::string out(utf8.size(), '\0');
  out.resize(fold_text(utf8, out.data()));
  return out;
}

}  // namespace fhir::search
