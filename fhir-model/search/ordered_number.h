#pragma once
// Decimal numbers as integers that sort like them: what an index can store and compare.

#include <cstdint>
#include <limits>
#include <string_view>

#include "fhir-model/path/decimal.h"

namespace fhir::search {

// A decimal floating number of 16 significant digits in one integer: a < b as integers exactly when a < b as
// numbers. Exact for up to 16 digits (never through binary floating point); longer numbers are rounded half
// away from zero, |x| >= 10^255 and |x| < 10^-257 saturate. Layout: sign × ((exponent + 256) · 2^54 +
// 16-digit mantissa), number = 0.mantissa × 10^exponent; 0 is 0. Stable: may be stored.
using OrderedNumber = std::int64_t;
inline constexpr OrderedNumber kLowestNumber = std::numeric_limits<OrderedNumber>::min();   // "open below"
inline constexpr OrderedNumber kHighestNumber = std::numeric_limits<OrderedNumber>::max();  // "open above"

OrderedNumber ordered_number(const path::Decimal& value);
// The number back; for kLowestNumber and kHighestNumber the outermost representable ones.
path::Decimal decimal_of(OrderedNumber value);

// From lo to hi, both included.
struct NumberInterval {
  OrderedNumber lo = 0;
  OrderedNumber hi = 0;
  friend bool operator==(const NumberInterval&, const NumberInterval&) = default;
};

// Half of the last digit's unit of a number as written (R4 §3.1.1.5.2: 100 stands for [99.5, 100.5), 100.00
// for [99.995, 100.005)). With a positive exponent the specification's example counts: 1e2 is [95, 105).
path::Decimal implied_half_width(const path::Decimal& value);
// [value − half, value + half), closed by stepping to the next lower integer.
NumberInterval implied_interval(const path::Decimal& value);

}  // namespace fhir::search
