#pragma once
// The table of UCUM's unit atoms.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace fhir::path {

// How a unit relates to the base units. Arbitrary units ([iU], but also logarithmic ones such as pH and dB)
// measure nothing that others do: each is a dimension of its own.
enum class UcumUnitKind : std::uint8_t { Plain, Arbitrary, Celsius, Fahrenheit, Reaumur };

// One atom: its factor to the base units is numerator×10^numerator_exponent /
// (denominator×10^denominator_exponent).
struct UcumUnit {
  std::string_view code;
  std::string_view numerator;
  std::string_view denominator;
  std::int16_t numerator_exponent;
  std::int16_t denominator_exponent;
  std::array<std::int8_t, 7> dimensions;  // powers of m, s, g, rad, K, C, cd
  UcumUnitKind kind;
  bool is_metric;  // may take a prefix
};

// All atoms, sorted by code. Lives as long as the program.
std::span<const UcumUnit> ucum_units();

}  // namespace fhir::path
