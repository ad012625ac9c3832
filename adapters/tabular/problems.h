#pragma once
// The adapter's problem numbers; their texts stand in problems.tsv.

#include <cstdint>

namespace lienthong::tabular {

enum class ProblemNumber : std::uint32_t {
  HeaderNotFound = 1,
  ColumnMissing = 2,
  RequiredMissing = 3,
  ColumnDoubled = 4,
  ColumnUnknown = 5,
  QuoteNotClosed = 6,
  QuoteInside = 7,
  RowTooShort = 8,
  RowTooLong = 9,
  RowTooLarge = 10,
  GroupSplit = 11,
  TwoByteText = 12,
  TooManyColumns = 13,
  OptionUnknown = 14,
  OptionWrong = 15,
  NoRows = 16,
  NotText = 17,
  MessageTooLarge = 18,
};
constexpr std::uint32_t number(ProblemNumber problem) noexcept {
  return static_cast<std::uint32_t>(problem);
}

}  // namespace lienthong::tabular
