#pragma once
// The adapter's problem numbers; their texts stand in problems.tsv.

#include <cstdint>

namespace lienthong::bhyt {

enum class ProblemNumber : std::uint32_t {
  NoDossier = 1,
  DoctypeRefused = 2,
  NestingTooDeep = 3,
  DossierTruncated = 4,
  FileTruncated = 5,
  DossierCount = 6,
  NotSigned = 7,
  DossierTooLarge = 8,
  TwoByteText = 9,
  Base64Invalid = 10,
  MarkupBroken = 11,
  ValueUnclosed = 12,
  TableUnknown = 13,
  TableMismatch = 14,
  SummaryMissing = 15,
  SummaryTwice = 16,
  RowOfAnotherDossier = 17,
  FacilityDiffers = 18,
  ListsDiffer = 19,
  ElementUnknown = 20,
  ElementTwice = 21,
  ContentEmpty = 22,
  TooManyRows = 23,
  SeveralDossiers = 24,
  TextRepaired = 25,
  OptionUnknown = 26,
  OptionWrong = 27,
  TextOutside = 28,
};
constexpr std::uint32_t number(ProblemNumber problem) noexcept {
  return static_cast<std::uint32_t>(problem);
}

}  // namespace lienthong::bhyt
