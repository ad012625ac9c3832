#pragma once
// Exact decimal numbers: what FHIRPath's Decimal and UCUM's factors are computed with.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fhir::path {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

// coefficient × 10^-scale with up to 36 significant digits; the scale keeps trailing zeros ("1.50" has scale
// 2), since FHIR counts them as precision. Sums, differences and products are exact as long as they fit 36
// digits, beyond that rounded half up; quotients have 28 significant digits (FHIRPath 2.0 "Decimal" asks for
// 28 and 8 decimals). Never goes through binary floating point, except exp, ln, log and non-integer powers,
// which have no exact value and are rounded to 15 significant digits. Plain value, any thread.
class Decimal {
 public:
  static constexpr int kMaxDigits = 36;
  static constexpr int kMaxExponent = 6144;  // largest |scale|; beyond it operations give no value

  Decimal() = default;
  static Decimal from_integer(std::int64_t value) { return Decimal(value, 0); }
  static Decimal from_parts(Int128 coefficient, std::int32_t scale) { return Decimal(coefficient, scale); }
  // "-1.50", "1e-3" (exponent as FHIR's decimal allows). None when malformed, longer than 36 digits (leading
  // zeros do not count) or out of range.
  static std::optional<Decimal> parse(std::string_view text);
  // The nearest decimal of 15 significant digits; none for infinities and NaN.
  static std::optional<Decimal> from_binary(long double value);

  Int128 coefficient() const { return coefficient_; }
  std::int32_t scale() const { return scale_; }
  bool is_zero() const { return coefficient_ == 0; }
  bool is_negative() const { return coefficient_ < 0; }
  bool is_integer() const;                         // no fraction other than zero
  std::optional<std::int64_t> to_integer() const;  // none when it has a fraction or does not fit
  long double to_binary() const;
  // Plain notation, trailing zeros kept: "1.50", never an exponent (up to 6144 zeros).
  std::string to_string() const;

  Decimal negated() const { return Decimal(-coefficient_, scale_); }
  Decimal absolute() const { return is_negative() ? negated() : *this; }
  // The same value with the fewest digits: 1.50 → 1.5, 100 → 1e2.
  Decimal normalized() const;
  // At most `digits` decimals (may be negative): round half away from zero, or towards zero, or towards −∞ /
  // +∞.
  enum class Rounding : std::uint8_t { HalfUp, Truncate, Floor, Ceiling };
  Decimal rounded(std::int32_t digits, Rounding mode) const;
  // Exactly `digits` decimals: rounded half up or padded with zeros.
  Decimal with_scale(std::int32_t digits) const;

  friend Decimal operator+(const Decimal& a, const Decimal& b);
  friend Decimal operator-(const Decimal& a, const Decimal& b) { return a + b.negated(); }
  friend Decimal operator*(const Decimal& a, const Decimal& b);
  // None for a zero divisor.
  static std::optional<Decimal> divide(const Decimal& a, const Decimal& b);
  // Truncated quotient and remainder of the dividend's sign; none for a zero divisor or a quotient over 36
  // digits.
  static std::optional<Decimal> divide_whole(const Decimal& a, const Decimal& b);
  static std::optional<Decimal> remainder(const Decimal& a, const Decimal& b);
  // To a whole power by multiplication; |exponent| ≤ 1000. None for 0 to a negative power or out of range.
  static std::optional<Decimal> power(const Decimal& base, int exponent);
  static std::optional<Decimal> square_root(const Decimal& value);  // none when negative

  // -1, 0, 1; exact; 1.0 equals 1.
  static int compare(const Decimal& a, const Decimal& b);
  // Within the range of exponents that operations accept.
  bool in_range() const { return scale_ <= kMaxExponent && scale_ >= -kMaxExponent; }
  std::size_t hash() const;  // equal values, equal hashes

 private:
  Decimal(Int128 coefficient, std::int32_t scale) : coefficient_(coefficient), scale_(scale) {}

  Int128 coefficient_ = 0;
  std::int32_t scale_ = 0;
};

}  // namespace fhir::path
