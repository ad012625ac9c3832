#pragma once
// Units of measure: UCUM's grammar, dimensions and conversion (https://ucum.org/ucum, case sensitive codes).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fhir-model/path/decimal.h"
#include "fhir-model/path/ucum_units.h"

namespace fhir::path {

// A unit expression, understood: factor to base units and dimensions. Plain value, any thread.
struct Unit {
  static constexpr std::size_t kMaxArbitrary = 3;

  // An arbitrary unit as a factor: index into ucum_units() and its power.
  struct Arbitrary {
    std::uint16_t unit = 0;
    std::int8_t power = 0;
    friend bool operator==(const Arbitrary&, const Arbitrary&) = default;
  };

  Decimal numerator =
      Decimal::from_integer(1);  // the factor is numerator / denominator, kept apart to stay exact
  Decimal denominator = Decimal::from_integer(1);
  std::array<std::int8_t, 7> dimensions{};
  std::array<Arbitrary, kMaxArbitrary> arbitrary{};  // sorted by unit; power 0 = unused
  UcumUnitKind scale = UcumUnitKind::Plain;          // a temperature scale with its own zero

  bool same_dimension(const Unit& other) const {
    return dimensions == other.dimensions && arbitrary == other.arbitrary;
  }
  // The unit of a product or quotient; none when a power leaves ±99 or there are too many arbitrary units.
  static std::optional<Unit> product(const Unit& a, const Unit& b, bool divide);
  // The base units as a code: "g.m-3", "1" for a pure number. Equal for units of the same dimension.
  std::string base_code() const;
};

// Reads a UCUM code ("mg/dL", "10*9/L", "mm[Hg]", "{score}"). None when it is no valid UCUM code. Codes are
// at most 512 bytes long and nest at most 16 deep.
std::optional<Unit> parse_unit(std::string_view code);

// A quantity expressed in base units. Search keys and comparisons use it.
struct CanonicalQuantity {
  Decimal value;
  std::string code;
};
// None when `code` is no UCUM code. 28 significant digits where the factor has no finite decimal.
std::optional<CanonicalQuantity> canonical_quantity(const Decimal& value, std::string_view code);

// `value` of unit `from` in unit `to`; none when the dimensions differ.
std::optional<Decimal> convert(const Decimal& value, const Unit& from, const Unit& to);

// Exact comparison of a·x and b·y: -1, 0, 1. The dimensions must be the same.
int compare_quantities(const Decimal& a, const Unit& x, const Decimal& b, const Unit& y);

}  // namespace fhir::path
