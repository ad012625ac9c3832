#pragma once
// Where words begin in JSON text, sixteen bytes at a time: all texts of all messages are looked through for
// words that ask for a label. Private to this room.
//
// Letters of words are letters, digits and all beyond ASCII. The letter of an escape ("\n") is none of the
// word behind it.

#include <bit>
#include <string_view>

#include "gateway/convert/text_block.h"

namespace lienthong::convert {

class WordBegins {
 public:
  explicit WordBegins(std::string_view json) noexcept : json_(json) {}

  // Goes on to the next block; false when there is no other.
  bool next() noexcept {
    at_ += count_;
    if (at_ >= json_.size()) return false;
    count_ = json_.size() - at_ < kTextBlock ? json_.size() - at_ : kTextBlock;
    const auto bytes = load_block(json_.data() + at_, count_);
    letters_ = letters_of(bytes) & first_bits(count_);
    const auto escapes = bits_of(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))) & first_bits(count_);
    if (escapes != 0 || skips_) return look_at_each(escapes), true;
    begins_ = ~(letters_ << 1 | (follows_letter_ ? 1U : 0U)) & first_bits(count_);
    follows_letter_ = (letters_ >> (count_ - 1) & 1) != 0;
    return true;
  }

  // A bit for each of 16 bytes that is a letter of words.
  static unsigned letters_of(__m128i bytes) noexcept {
    const auto small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    const auto ascii = _mm_or_si128(is_between(bytes, '0', '9'), is_between(small, 'a', 'z'));
    return bits_of(_mm_or_si128(ascii, bytes));  // the highest bit is set beyond ASCII
  }

  // Where the block stands in the text.
  std::size_t at() const noexcept { return at_; }
  // A bit for each character of the block that is a word's first, or stands behind one that is of no word.
  unsigned begins() const noexcept { return begins_; }
  // A bit for each character of words.
  unsigned letters() const noexcept { return letters_; }

 private:
  void look_at_each(unsigned escapes) noexcept {
    begins_ = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      if (skips_) {
        skips_ = false;
        continue;
      }
      if (!follows_letter_) begins_ |= 1U << i;
      follows_letter_ = (letters_ >> i & 1) != 0;
      skips_ = (escapes >> i & 1) != 0;
    }
  }

  std::string_view json_;
  std::size_t at_ = 0, count_ = 0;
  unsigned begins_ = 0, letters_ = 0;
  bool follows_letter_ = false;
  bool skips_ = false;  // the next character is the letter of an escape
};

}  // namespace lienthong::convert
