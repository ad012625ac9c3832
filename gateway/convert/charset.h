#pragma once
// The character sets of sources: what a message declares, and its values as UTF-8.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/arena.h"

namespace lienthong::convert {

enum class Charset : std::uint8_t { Utf8, Ascii, Latin1, Windows1252, Windows1258, Tcvn3, Vni, Viscii };

// By the names that HL7 table 0211, XML and people use ("UNICODE UTF-8", "8859/1", "TCVN3"); case and
// punctuation do not matter. Nothing for unknown names.
std::optional<Charset> find_charset(std::string_view name) noexcept;
std::string_view name_of(Charset charset) noexcept;

// Whether all of `text` is UTF-8 (RFC 3629: no surrogates, nothing overlong).
bool is_utf8(std::string_view text) noexcept;
// Whether no byte has its high bit set.
bool is_ascii(std::string_view text) noexcept;

// Decodes into `arena`; composed (NFC) as far as Vietnamese letters go. Bytes without a character become
// U+FFFD and set `damaged`. An empty view with null data when the arena is full.
std::string_view decode(Charset charset, std::string_view bytes, Arena& arena, bool& damaged) noexcept;

}  // namespace lienthong::convert
