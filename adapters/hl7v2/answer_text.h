#pragma once
// Bytes of an answer: growing memory from the host, and text that any sender can read.

#include <string_view>

#include "adapters/hl7v2/delimiters.h"
#include "adapters/sdk/host.h"

namespace lienthong::hl7v2 {

// Appends to memory from the host.  After a refusal nothing more is added and failed() stays true.
class AnswerText {
 public:
  AnswerText(sdk::Host host, const Delimiters& delimiters, bool utf8) noexcept
      : host_(host), delimiters_(delimiters), utf8_(utf8) {}

  // As it is: bytes of the sender's own, or syntax.
  AnswerText& raw(std::string_view bytes) noexcept;
  AnswerText& raw(char c) noexcept { return raw({&c, 1}); }
  AnswerText& fields(std::size_t count) noexcept;
  // Text for people, UTF-8: delimiters escaped, line breaks made spaces, at most `longest` bytes taken;
  // letters lose their marks unless the sender reads UTF-8.
  AnswerText& text(std::string_view utf8, std::size_t longest = 250) noexcept;
  AnswerText& number(std::uint32_t value) noexcept;

  bool failed() const noexcept { return failed_; }
  lt_text result() const noexcept { return {bytes_, size_}; }

 private:
  void escaped(char c) noexcept;

  sdk::Host host_;
  Delimiters delimiters_;
  bool utf8_;
  bool failed_ = false;
  char* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// The letter of a Latin character without its marks ('ệ' → 'e'), '?' for other characters, '\0' for marks
// alone.
char without_marks(char32_t character) noexcept;

}  // namespace lienthong::hl7v2
