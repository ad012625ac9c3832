#pragma once
// UTF-8 as RFC 3629 defines it.

#include <cstdint>
#include <string_view>

namespace fhir {

// The offset of the first byte that begins no well-formed sequence (overlong forms, surrogates and values
// above U+10FFFF included); npos when all of `text` is well-formed.
std::size_t find_invalid_utf8(std::string_view text);

// Writes the code point (not a surrogate, at most U+10FFFF) and returns the byte behind it: 1 to 4 bytes.
char* append_utf8(std::uint32_t code_point, char* out);

}  // namespace fhir
