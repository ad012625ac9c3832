#pragma once
// Sixteen bytes of a text at once (SSE2, the baseline of x86-64), also at its end. Private to this room.

#include <emmintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lienthong::convert {

inline constexpr std::size_t kTextBlock = 16;

// Whether `size` bytes can be loaded from here though the text may end before: they do not reach into the
// next page.
inline bool is_readable(const char* in, std::uintptr_t size) noexcept {
  constexpr std::uintptr_t kPage = 4096;
  return reinterpret_cast<std::uintptr_t>(in) % kPage <= kPage - size;
}

// The first 16 bytes of a text of `size` (1 …) bytes; those behind its end are any.
__attribute__((no_sanitize("address"))) inline __m128i load_block(const char* in, std::size_t size) noexcept {
  if (size >= kTextBlock || is_readable(in, kTextBlock))
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
  char copy[kTextBlock] = {};
  std::memcpy(copy, in, size);
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(copy));
}

inline void store_block(__m128i bytes, char* out) noexcept {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
}

// A bit for each byte that is set throughout.
inline unsigned bits_of(__m128i mask) noexcept {
  return static_cast<unsigned>(_mm_movemask_epi8(mask));
}

// The bits of the first `size` (0 … 16) bytes.
constexpr unsigned first_bits(std::size_t size) noexcept {
  return (1U << size) - 1;
}

// Which of 16 bytes lie between two characters, these included.
inline __m128i is_between(__m128i bytes, char from, char to) noexcept {
  const auto distance = _mm_sub_epi8(bytes, _mm_set1_epi8(from));
  const auto most = _mm_set1_epi8(static_cast<char>(to - from));
  return _mm_cmpeq_epi8(_mm_min_epu8(distance, most), distance);
}

// Bits of those of 16 bytes that need more in JSON than copying: '"', '\\', and all up to `highest`.
inline unsigned special_bits(__m128i bytes, char highest = 0x1f) noexcept {
  const auto limit = _mm_set1_epi8(highest);
  const auto quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const auto backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const auto control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, limit), limit);
  return bits_of(_mm_or_si128(_mm_or_si128(quote, backslash), control));
}

}  // namespace lienthong::convert
