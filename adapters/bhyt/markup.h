#pragma once
// Reading markup one tag at a time: nothing is built, nothing recurses, nothing is looked up.

#include <emmintrin.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace lienthong::bhyt {

constexpr unsigned kDeepest = 64;           // elements within each other; the tables need six
constexpr std::size_t kLongestTag = 65536;  // name and attributes

enum class Mark : std::uint8_t {
  Start,
  End,
  Comment,
  Cdata,
  Instruction,
  Doctype,     // <!DOCTYPE, <!ENTITY and all other declarations
  Text,        // a '<' that begins no markup
  Incomplete,  // more bytes are needed to tell
};

struct Tag {
  Mark mark = Mark::Text;
  bool is_empty = false;      // <X/>
  std::string_view name;      // without its prefix
  const char* end = nullptr;  // behind the markup; of Cdata: behind "<![CDATA["; of Incomplete: unset
};

// `at` stands on '<'; `end` is the end of what may be read.
Tag read_tag(const char* at, const char* end) noexcept;

inline bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
std::string_view trimmed(std::string_view text) noexcept;

inline const char* find_byte(const char* p, const char* end, char wanted) noexcept {
  if (p >= end) return end;
  const void* found = std::memchr(p, wanted, static_cast<std::size_t>(end - p));
  return found == nullptr ? end : static_cast<const char*>(found);
}
// `end` when it is not there.
const char* find_text(const char* p, const char* end, std::string_view wanted) noexcept;

// The first '<' from p on, else `end`; `has_ampersand` tells whether an '&' stands before it. Loads up to 15
// bytes behind `end`: every document is padded.
inline const char* find_tag(const char* p, const char* end, bool& has_ampersand) noexcept {
  const __m128i less = _mm_set1_epi8('<');
  const __m128i ampersand = _mm_set1_epi8('&');
  has_ampersand = false;
  for (; p < end; p += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const auto tags = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(block, less)));
    const auto marks = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(block, ampersand)));
    if (tags == 0) {
      has_ampersand |= marks != 0;
      continue;
    }
    const int at = std::countr_zero(tags);
    has_ampersand |= (marks & ((1U << at) - 1)) != 0;
    return p + at < end ? p + at : end;
  }
  return end;
}

}  // namespace lienthong::bhyt
