#pragma once
// What decides how a resource is written, as bytes (stencil_plan.h). Private to this room.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "gateway/convert/text_block.h"

namespace lienthong::convert {

// A text that is too long is marked and not kept. Memory is never cleared: 8 KiB.
class ShapeText {
 public:
  static constexpr std::size_t kLongest = 4096;

  void clear() noexcept { size_ = 0; }
  bool is_full() const noexcept { return size_ > kLongest; }
  std::string_view view() const noexcept { return {bytes_.data(), size_}; }

  template <class T>
  void append(T value) noexcept {
    std::memcpy(bytes_.data() + size_, &value, sizeof value);
    advance(sizeof value);
  }
  void append_text(std::string_view text) noexcept {
    if (text.empty()) return;
    if (text.size() <= kTextBlock && is_readable(text.data(), kTextBlock)) return append_block(text);
    if (text.size() <= kLongest) std::memcpy(bytes_.data() + size_, text.data(), text.size());
    advance(text.size());
  }

 private:
  __attribute__((no_sanitize("address"))) void append_block(std::string_view text) noexcept {
    store_block(load_block(text.data(), kTextBlock), bytes_.data() + size_);
    advance(text.size());
  }
  // Behind kLongest all is written at one place.
  void advance(std::size_t count) noexcept {
    size_ += count;
    if (size_ > kLongest) size_ = kLongest + 1;
  }

  std::size_t size_ = 0;
  std::array<char, 2 * kLongest + 64> bytes_;
};

}  // namespace lienthong::convert
