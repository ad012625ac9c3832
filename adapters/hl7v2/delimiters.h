#pragma once
// The characters that cut a message, as its own header declares them (HL7 v2.5.1 §2.5.4, truncation: v2.7
// §2.5.5.2).

#include <cstdint>
#include <string_view>

namespace lienthong::hl7v2 {

struct Delimiters {
  char field = '|';
  char component = '^';
  char repetition = '~';
  char escape = '\\';
  char subcomponent = '&';
  char truncation = '\0';  // '\0' = none declared
};

enum class DelimiterState : std::uint8_t { Good, Incomplete, Repeated, Unusable };

// Reads them from a header segment (MSH, FHS, BHS) that starts at `segment`.  Characters the header leaves
// out keep their usual values.  Unusable: there is no field separator, or it is a letter, a digit or a
// control character.
DelimiterState read_delimiters(std::string_view segment, Delimiters& out) noexcept;

// A, B … and 0 … 9; the only characters of a segment's name (besides, a name starts with a letter).
constexpr bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_name_character(char c) noexcept {
  return is_upper(c) || is_digit(c);
}

}  // namespace lienthong::hl7v2
