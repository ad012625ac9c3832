#pragma once
// The output buffer: JSON text that grows and is cut back, with strings escaped while they are copied.

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/convert/text_block.h"

namespace lienthong::convert {

// A growing text. Not thread-safe. Keeps its memory when cleared.
class JsonText {
 public:
  explicit JsonText(std::size_t limit = std::size_t{256} << 20) : limit_(limit) {}

  std::size_t size() const noexcept { return size_; }
  const char* data() const noexcept { return bytes_.get(); }
  char* data() noexcept { return bytes_.get(); }
  std::string_view view(std::size_t from, std::size_t to) const noexcept {
    return {bytes_.get() + from, to - from};
  }
  char last() const noexcept { return bytes_[size_ - 1]; }
  void set_last(char c) noexcept { bytes_[size_ - 1] = c; }
  void cut(std::size_t size) noexcept { size_ = size; }
  void clear() noexcept {
    size_ = 0;
    is_full_ = false;
  }
  // True once something was not written because the limit was reached.
  bool is_full() const noexcept { return is_full_; }

  void append(std::string_view text) noexcept {
    if (text.empty() || !reserve(text.size())) return;
    std::memcpy(bytes_.get() + size_, text.data(), text.size());
    size_ += text.size();
  }
  // The same for a text behind which kBlock - 1 bytes are readable: copied in whole blocks, without a call.
  static constexpr std::size_t kBlock = kTextBlock;
  // What is reserved behind the text: copies write whole blocks.
  static constexpr std::size_t kMargin = 32;
  void append_padded(const char* text, std::size_t size) noexcept {
    if (!reserve(size)) return;
    char* out = bytes_.get() + size_;
    for (std::size_t i = 0; i < size; i += kBlock) std::memcpy(out + i, text + i, kBlock);
    size_ += size;
  }
  // The same for a text that is short most often.
  __attribute__((no_sanitize("address"))) void append_short(std::string_view text) noexcept {
    if (text.size() - 1 >= kBlock || !is_readable(text.data(), kBlock)) return append(text);
    if (!reserve(kBlock)) return;
    store_block(load_block(text.data(), kBlock), bytes_.get() + size_);
    size_ += text.size();
  }
  // The same for a text whose length the compiler knows.
  template <std::size_t kSize>
  void append(const std::array<char, kSize>& text) noexcept {
    if (!reserve(kSize)) return;
    std::memcpy(bytes_.get() + size_, text.data(), kSize);
    size_ += kSize;
  }
  void append(char c) noexcept {
    if (!reserve(1)) return;
    bytes_[size_++] = c;
  }
  // The text with its quotes. Control characters other than tab, line feed and carriage return are left out
  // (FHIR's string has none); returns false if there were any.
  bool append_string(std::string_view text) noexcept;
  // `name` (padded, as above), the text in quotes and a comma: only when the text has at most 32 characters
  // that need no escape and, when `solid`, no space. Else false, and nothing is written.
  __attribute__((no_sanitize("address"))) bool append_plain(const char* name, std::size_t name_size,
                                                            std::string_view text, bool solid) noexcept {
    if (text.size() - 1 >= kMostPlain || !is_readable(text.data(), kMostPlain) ||
        !reserve(name_size + kMostPlain + 3))
      return false;
    const char highest = solid ? ' ' : 0x1f;
    char* out = bytes_.get() + size_;
    for (std::size_t i = 0; i < name_size; i += kBlock) std::memcpy(out + i, name + i, kBlock);
    out += name_size;
    *out++ = '"';
    const auto first = load_block(text.data(), kBlock);
    store_block(first, out);
    auto special = std::uint64_t{special_bits(first, highest)};
    if (text.size() > kBlock) {
      const auto second = load_block(text.data() + kBlock, kBlock);
      store_block(second, out + kBlock);
      special |= std::uint64_t{special_bits(second, highest)} << kBlock;
    }
    if ((special & ((std::uint64_t{1} << text.size()) - 1)) != 0) return false;
    out[text.size()] = '"';
    out[text.size() + 1] = ',';
    size_ += name_size + text.size() + 3;
    return true;
  }
  // Room for `count` characters that the caller fills in; null at the limit.
  char* extend(std::size_t count) noexcept;

 private:
  static constexpr std::size_t kMostPlain = 2 * kBlock;

  bool reserve(std::size_t more) noexcept { return size_ + more + kMargin <= capacity_ || grow(more); }
  bool grow(std::size_t more) noexcept;

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0, capacity_ = 0, limit_;
  bool is_full_ = false;
};

// `text` as a JSON string, with quotes.
std::string json_string(std::string_view text);

// Whether `text` is a number as JSON writes it.
bool is_json_number(std::string_view text) noexcept;

}  // namespace lienthong::convert
