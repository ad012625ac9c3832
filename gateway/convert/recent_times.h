#pragma once
// Times as FHIR writes them, of the texts met last: a message says the same moment many times. Private to
// this room.

#include <array>
#include <cstddef>
#include <string_view>

#include "gateway/convert/value_text.h"

namespace lienthong::convert {

// For one zone. One thread.
class RecentTimes {
 public:
  // The dateTime of a text, or null.
  const ShortText* find(std::string_view text) const noexcept {
    for (const auto& known : known_) {
      if (known.text.size == text.size() && known.text.view() == text) return &known.time;
    }
    return nullptr;
  }
  // `text` is not empty.
  void add(std::string_view text, const ShortText& time) noexcept {
    if (text.size() > ShortText{}.bytes.size()) return;
    auto& known = known_[next_++ % known_.size()];
    known.text = {};
    known.text.add(text);
    known.time = time;
  }

 private:
  struct Known {
    ShortText text, time;
  };
  std::array<Known, 4> known_{};
  std::size_t next_ = 0;
};

}  // namespace lienthong::convert
