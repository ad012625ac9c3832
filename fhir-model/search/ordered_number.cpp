#include "fhir-model/search/ordered_number.h"

#include <algorithm>
#include <array>

namespace fhir::search {
namespace {

using path::Decimal;
using path::Int128;
using path::UInt128;

constexpr int kDigits = 16;
constexpr int kMantissaBits = 54;
constexpr std::int32_t kBias = 256;

constexpr std::array<UInt128, 39> powers_of_ten() {
  std::array<UInt128, 39> table{};
  table[0] = 1;
  for (std::size_t i = 1; i < table.size(); ++i) table[i] = table[i - 1] * 10;
  return table;
}
constexpr auto kPowers = powers_of_ten();

UInt128 power(int exponent) {
  return kPowers[static_cast<std::size_t>(exponent)];
}

int digits_of(UInt128 value) {
  int digits = 1;
  if (value >= power(kDigits)) digits = kDigits + 1;
  while (digits < 38 && value >= power(digits)) ++digits;
  return digits;
}

// The 16-digit mantissa of a number of `digits` digits; rounding may make it one digit longer.
std::int64_t mantissa_of(UInt128 value, int digits) {
  if (digits <= kDigits) return static_cast<std::int64_t>(value * power(kDigits - digits));
  const UInt128 unit = power(digits - kDigits);
  return static_cast<std::int64_t>((value + unit / 2) / unit);
}

}  // namespace

OrderedNumber ordered_number(const Decimal& value) {
  const Int128 coefficient = value.coefficient();
  if (coefficient == 0) return 0;
  const bool negative = coefficient < 0;
  const UInt128 magnitude =
      negative ? UInt128{0} - static_cast<UInt128>(coefficient) : static_cast<UInt128>(coefficient);
  const int digits = digits_of(magnitude);
  std::int64_t mantissa = mantissa_of(magnitude, digits);
  std::int32_t exponent = digits - value.scale();
  if (mantissa == static_cast<std::int64_t>(power(kDigits))) {
    mantissa /= 10;
    ++exponent;
  }
  if (exponent >= kBias) return negative ? kLowestNumber + 1 : kHighestNumber - 1;
  if (exponent < -kBias) return negative ? -1 : 1;
  const std::int64_t ordered = (static_cast<std::int64_t>(exponent + kBias) << kMantissaBits) | mantissa;
  return negative ? -ordered : ordered;
}

Decimal decimal_of(OrderedNumber value) {
  const bool negative = value < 0;
  const std::int64_t magnitude = negative ? -std::max(value, kLowestNumber + 1) : value;
  const std::int64_t mantissa = magnitude & ((std::int64_t{1} << kMantissaBits) - 1);
  const auto exponent = static_cast<std::int32_t>(magnitude >> kMantissaBits) - kBias;
  const Decimal number = Decimal::from_parts(negative ? -mantissa : mantissa, kDigits - exponent);
  return mantissa == 0 ? Decimal() : number.normalized();
}

Decimal implied_half_width(const Decimal& value) {
  if (value.scale() < 0) return Decimal::from_parts(5, value.scale() + 2);
  return Decimal::from_parts(5, value.scale() + 1);
}

NumberInterval implied_interval(const Decimal& value) {
  const Decimal half = implied_half_width(value);
  return {ordered_number(value - half), ordered_number(value + half) - 1};
}

}  // namespace fhir::search
