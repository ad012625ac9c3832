#pragma once
// Base64 (RFC 4648) as exporters write it: blanks and line breaks anywhere, padding or none.

#include <cstddef>
#include <string_view>

namespace lienthong::bhyt {

// The most bytes that decode() may write for `size` characters.
constexpr std::size_t decoded_capacity(std::size_t size) noexcept {
  return size / 4 * 3 + 3;
}

struct Decoded {
  bool valid = false;
  std::size_t size = 0;      // bytes written
  std::size_t wrong_at = 0;  // the first character that cannot stand here; only if not valid
};

// Writes to `out`, which has decoded_capacity(text.size()) bytes. Linear; no character is guessed.
Decoded decode_base64(std::string_view text, char* out) noexcept;

}  // namespace lienthong::bhyt
