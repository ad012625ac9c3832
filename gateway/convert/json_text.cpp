#include "gateway/convert/json_text.h"

#include <emmintrin.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace lienthong::convert {
namespace {

constexpr std::size_t kFirstCapacity = std::size_t{64} << 10;

// Bits of those of 16 bytes that need more than copying: '"', '\\', and all up to `highest`.
unsigned special_bits(__m128i bytes, char highest = 0x1f) noexcept {
  const auto limit = _mm_set1_epi8(highest);
  const auto quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const auto backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const auto control = _mm_cmpeq_epi8(_mm_max_epu8(bytes, limit), limit);
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, backslash), control)));
}

bool is_special(char c) noexcept {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

// Whether bytes behind a text's end can be loaded with it: not into the next page.
bool is_readable(const char* in, std::uintptr_t size) noexcept {
  constexpr std::uintptr_t kPage = 4096;
  return reinterpret_cast<std::uintptr_t>(in) % kPage <= kPage - size;
}

// Copies up to 15 bytes that need no escape as one block; false when they must be looked at one by one. The
// load may reach behind the text but never into the next page, and what it brings from there is not used.
__attribute__((no_sanitize("address"))) bool copy_short(const char* in, std::size_t size,
                                                        char* out) noexcept {
  if (!is_readable(in, 16)) return false;
  const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
  if ((special_bits(block) & ((1U << size) - 1)) != 0) return false;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), block);
  return true;
}

// Writes the escape of a special character; false if the character is left out.
bool write_escape(char c, char*& out) noexcept {
  char letter = c;
  if (c == '\n')
    letter = 'n';
  else if (c == '\r')
    letter = 'r';
  else if (c == '\t')
    letter = 't';
  else if (c != '"' && c != '\\')
    return false;
  *out++ = '\\';
  *out++ = letter;
  return true;
}

}  // namespace

bool JsonText::grow(std::size_t more) noexcept {
  if (size_ + more > limit_) {
    is_full_ = true;
    return false;
  }
  const auto capacity = std::max({kFirstCapacity, capacity_ * 2, size_ + more + kMargin});
  std::unique_ptr<char[]> bytes(new (std::nothrow) char[capacity]);
  if (!bytes) {
    is_full_ = true;
    return false;
  }
  if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
  bytes_ = std::move(bytes);
  capacity_ = capacity;
  return true;
}

char* JsonText::extend(std::size_t count) noexcept {
  if (!reserve(count)) return nullptr;
  char* place = bytes_.get() + size_;
  size_ += count;
  return place;
}

// What the loads bring from behind the text is overwritten.
__attribute__((no_sanitize("address"))) bool JsonText::append_plain(const char* name, std::size_t name_size,
                                                                    std::string_view text,
                                                                    bool solid) noexcept {
  constexpr std::size_t kMost = 32;
  if (text.empty() || text.size() > kMost || !is_readable(text.data(), kMost) ||
      !reserve(name_size + kMost + 3))
    return false;
  const auto* const in = reinterpret_cast<const __m128i*>(text.data());
  const char highest = solid ? ' ' : 0x1f;
  const auto first = _mm_loadu_si128(in);
  const auto second = _mm_loadu_si128(in + 1);
  auto special = std::uint64_t{special_bits(first, highest)};
  if (text.size() > 16) special |= std::uint64_t{special_bits(second, highest)} << 16;
  if ((special & ((std::uint64_t{1} << text.size()) - 1)) != 0) return false;
  char* out = bytes_.get() + size_;
  for (std::size_t i = 0; i < name_size; i += kBlock) std::memcpy(out + i, name + i, kBlock);
  out += name_size;
  *out++ = '"';
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), first);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16), second);
  out += text.size();
  *out++ = '"';
  *out++ = ',';
  size_ = static_cast<std::size_t>(out - bytes_.get());
  return true;
}

bool JsonText::append_string(std::string_view text) noexcept {
  if (!reserve(text.size() * 2 + 2)) return true;
  char* out = bytes_.get() + size_;
  const char* in = text.data();
  const char* const end = in + text.size();
  bool complete = true;
  *out++ = '"';
  while (end - in >= 16) {
    const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), block);
    const auto special = special_bits(block);
    if (special == 0) {
      in += 16;
      out += 16;
      continue;
    }
    const auto plain = std::countr_zero(special);
    in += plain;
    out += plain;
    complete &= write_escape(*in++, out);
  }
  const auto rest = static_cast<std::size_t>(end - in);
  if (rest > 0 && copy_short(in, rest, out)) {
    in = end;
    out += rest;
  }
  for (; in < end; ++in) {
    if (is_special(*in))
      complete &= write_escape(*in, out);
    else
      *out++ = *in;
  }
  *out++ = '"';
  size_ = static_cast<std::size_t>(out - bytes_.get());
  return complete;
}

std::string json_string(std::string_view text) {
  JsonText out;
  out.append_string(text);
  return std::string(out.view(0, out.size()));
}

bool is_json_number(std::string_view text) noexcept {
  std::size_t i = 0;
  const auto digits = [&] {
    const auto from = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - from;
  };
  if (i < text.size() && text[i] == '-') ++i;
  const auto first = i;
  const auto whole = digits();
  if (whole == 0 || (whole > 1 && text[first] == '0')) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

}  // namespace lienthong::convert
