#pragma once
// Fast searches in padded JSON text. For the readers of this room.

#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace fhir {

inline bool is_json_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// The first byte from `at` on that ends a plain run of a JSON string: '"', '\\' or a control character (the
// zero bytes behind the text are such). Sets `seen_high` when a byte of 0x80 or more lies before it. 16
// readable bytes needed behind the text.
inline const char* find_string_stop(const char* at, bool& seen_high) {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i last_control = _mm_set1_epi8(0x1F);
  for (;; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
    const __m128i special = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    const auto stops = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(special, control)));
    const auto high = static_cast<unsigned>(_mm_movemask_epi8(bytes));
    if (stops == 0) {
      seen_high |= high != 0;
      continue;
    }
    const unsigned before = (stops & (0U - stops)) - 1;
    seen_high |= (high & before) != 0;
    return at + __builtin_ctz(stops);
  }
#else
  for (;; ++at) {
    const auto byte = static_cast<unsigned char>(*at);
    if (byte < 0x20 || byte == '"' || byte == '\\') return at;
    seen_high |= byte >= 0x80;
  }
#endif
}

// The first byte from `at` on that is no JSON white space.
inline const char* skip_json_space(const char* at) {
  if (static_cast<unsigned char>(*at) > 0x20) return at;
#if defined(__SSE2__)
  if (!is_json_space(*at)) return at;
  ++at;
  if (static_cast<unsigned char>(*at) > 0x20) return at;
  for (;; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i blank =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')));
    const __m128i rare =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')));
    const auto others = ~static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(blank, rare))) & 0xFFFFU;
    if (others != 0) return at + __builtin_ctz(others);
  }
#else
  while (is_json_space(*at)) ++at;
  return at;
#endif
}

}  // namespace fhir
