#pragma once
// The adapter's problem numbers; their texts stand in problems.tsv.

#include <cstdint>

namespace lienthong::hl7v2 {

enum class ProblemNumber : std::uint32_t {
  NoMessageHeader = 1,
  DelimitersIncomplete = 2,
  DelimitersRepeated = 3,
  LineJoined = 4,
  TextSkipped = 5,
  EscapeUnknown = 6,
  EscapeCharset = 7,
  MessageCount = 8,
  BatchCount = 9,
  TooManySegments = 10,
  TooManyFields = 11,
  MessageTooLarge = 12,
  TwoByteText = 13,
  SecondHeader = 14,
  OptionUnknown = 15,
  OptionWrong = 16,
  BatchHeaderTooLong = 17,
};
constexpr std::uint32_t number(ProblemNumber problem) noexcept {
  return static_cast<std::uint32_t>(problem);
}

}  // namespace lienthong::hl7v2
