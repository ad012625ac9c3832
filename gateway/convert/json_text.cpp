#include "gateway/convert/json_text.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace lienthong::convert {
namespace {

constexpr std::size_t kFirstCapacity = std::size_t{64} << 10;

bool is_special(char c) noexcept {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

// Copies up to 15 bytes that need no escape as one block; false when they must be looked at one by one. The
// load may reach behind the text but never into the next page, and what it brings from there is not used.
__attribute__((no_sanitize("address"))) bool copy_short(const char* in, std::size_t size,
                                                        char* out) noexcept {
  if (!is_readable(in, kTextBlock)) return false;
  const auto block = load_block(in, kTextBlock);
  if ((special_bits(block) & first_bits(size)) != 0) return false;
  store_block(block, out);
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

bool JsonText::append_string(std::string_view text) noexcept {
  if (!reserve(text.size() * 2 + 2)) return true;
  char* out = bytes_.get() + size_;
  const char* in = text.data();
  const char* const end = in + text.size();
  bool complete = true;
  *out++ = '"';
  while (end - in >= 16) {
    const auto block = load_block(in, kTextBlock);
    store_block(block, out);
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
