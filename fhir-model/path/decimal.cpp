#include "fhir-model/path/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <functional>

#include "fhir-model/path/wide_integer.h"

namespace fhir::path {
namespace {

constexpr int kTableSize = 39;  // 10^38 < 2^127

constexpr std::array<UInt128, kTableSize> powers_of_ten() {
  std::array<UInt128, kTableSize> table{};
  table[0] = 1;
  for (std::size_t i = 1; i < table.size(); ++i) table[i] = table[i - 1] * 10;
  return table;
}
constexpr auto kPowers = powers_of_ten();

UInt128 magnitude(Int128 value) {
  return value < 0 ? UInt128{0} - static_cast<UInt128>(value) : static_cast<UInt128>(value);
}

int digits_of(UInt128 value) {
  const auto* end = std::upper_bound(kPowers.begin(), kPowers.end(), value);
  return static_cast<int>(end - kPowers.begin());  // 0 has none
}

Int128 with_sign(UInt128 value, bool negative) {
  return negative ? -static_cast<Int128>(value) : static_cast<Int128>(value);
}

// Divides by 10^count, rounding half up.
void drop_digits(WideInteger& value, int count) {
  constexpr std::uint64_t kChunk = 1'000'000'000'000'000'000;
  for (--count; count >= 18; count -= 18) value.divide_small(kChunk);
  if (count > 0) value.divide_small(static_cast<std::uint64_t>(kPowers[static_cast<std::size_t>(count)]));
  if (value.divide_small(10) >= 5) value.add(WideInteger::from(1));
}

int digits_of(const WideInteger& value) {
  if (value.fits_128() && (value.limbs[1] >> 62) == 0) return digits_of(value.low_128());
  WideInteger rest = value;
  int dropped = 0;
  while (!rest.fits_128() || (rest.limbs[1] >> 62) != 0) {
    rest.divide_small(10);
    ++dropped;
  }
  return dropped + digits_of(rest.low_128());
}

// The decimal ±value × 10^-scale, rounded to 36 digits.
Decimal fitted(WideInteger value, std::int32_t scale, bool negative) {
  const int excess = digits_of(value) - Decimal::kMaxDigits;
  if (excess > 0) {
    drop_digits(value, excess);
    scale -= excess;
  }
  return Decimal::from_parts(with_sign(value.low_128(), negative), scale);
}

// |value| scaled up by 10^shift; together at most 76 digits.
WideInteger scaled(const Decimal& value, int shift) {
  constexpr int kStep = 18;
  WideInteger result = WideInteger::from(magnitude(value.coefficient()));
  for (; shift > 0; shift -= kStep) {
    result.multiply_small(
        static_cast<std::uint64_t>(kPowers[static_cast<std::size_t>(std::min(shift, kStep))]));
  }
  return result;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  UInt128 coefficient = 0;
  std::int32_t scale = 0;
  bool any = false, point = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '.' && !point && any) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9') break;
    any = true;
    if (coefficient >= kPowers[kMaxDigits - 1]) return std::nullopt;
    coefficient = coefficient * 10 + static_cast<unsigned>(c - '0');
    if (point) ++scale;
    if (scale > kMaxExponent) return std::nullopt;
  }
  if (!any || text[i - 1] == '.') return std::nullopt;
  if (i < text.size()) {
    if (text[i] != 'e' && text[i] != 'E') return std::nullopt;
    const char* from = text.data() + i + 1;
    const char* end = text.data() + text.size();
    if (from != end && *from == '+' && from + 1 != end && from[1] != '-') ++from;
    std::int32_t exponent = 0;
    const auto read = std::from_chars(from, end, exponent);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    if (exponent > kMaxExponent || exponent < -kMaxExponent) return std::nullopt;
    scale -= exponent;
  }
  const Decimal result(with_sign(coefficient, negative), scale);
  return result.in_range() ? std::optional(result) : std::nullopt;
}

std::optional<Decimal> Decimal::from_binary(long double value) {
  if (!std::isfinite(value)) return std::nullopt;
  std::array<char, 64> buffer{};
  const int length = std::snprintf(buffer.data(), buffer.size(), "%.14Le", value);
  const auto parsed = parse({buffer.data(), static_cast<std::size_t>(length)});
  if (!parsed) return std::nullopt;
  const Decimal shortest = parsed->normalized();
  return shortest.scale_ < 0 ? shortest.with_scale(0) : shortest;
}

bool Decimal::is_integer() const {
  return scale_ <= 0 || normalized().scale_ <= 0;
}

std::optional<std::int64_t> Decimal::to_integer() const {
  const Decimal value = normalized();
  if (value.scale_ > 0 || digits_of(magnitude(value.coefficient_)) - value.scale_ > 19) return std::nullopt;
  const Int128 whole =
      value.coefficient_ * static_cast<Int128>(kPowers[static_cast<std::size_t>(-value.scale_)]);
  if (whole > INT64_MAX || whole < INT64_MIN) return std::nullopt;
  return static_cast<std::int64_t>(whole);
}

long double Decimal::to_binary() const {
  return static_cast<long double>(coefficient_) * std::pow(10.0L, static_cast<long double>(-scale_));
}

std::string Decimal::to_string() const {
  std::string digits;
  UInt128 rest = magnitude(coefficient_);
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  while (scale_ > 0 && static_cast<std::int32_t>(digits.size()) <= scale_) digits.push_back('0');
  std::reverse(digits.begin(), digits.end());
  if (scale_ > 0) digits.insert(digits.size() - static_cast<std::size_t>(scale_), 1, '.');
  if (scale_ < 0 && coefficient_ != 0) digits.append(static_cast<std::size_t>(-scale_), '0');
  return coefficient_ < 0 ? "-" + digits : digits;
}

Decimal Decimal::normalized() const {
  if (coefficient_ == 0) return {};
  Decimal result = *this;
  while (result.coefficient_ % 10 == 0) {
    result.coefficient_ /= 10;
    --result.scale_;
  }
  return result;
}

Decimal Decimal::rounded(std::int32_t digits, Rounding mode) const {
  const std::int32_t drop = scale_ - digits;
  if (drop <= 0) return *this;
  const UInt128 all = magnitude(coefficient_);
  UInt128 kept = 0, half = 0;
  bool inexact = coefficient_ != 0;
  if (drop < kTableSize) {
    const UInt128 unit = kPowers[static_cast<std::size_t>(drop)];
    kept = all / unit;
    half = unit / 2;
    inexact = all % unit != 0;
  }
  const bool up = (mode == Rounding::HalfUp && half != 0 && all - kept * (half * 2) >= half) ||
                  (mode == Rounding::Floor && inexact && is_negative()) ||
                  (mode == Rounding::Ceiling && inexact && !is_negative());
  return Decimal(with_sign(up ? kept + 1 : kept, is_negative()), digits);
}

Decimal Decimal::with_scale(std::int32_t digits) const {
  if (scale_ >= digits) return rounded(digits, Rounding::HalfUp);
  const std::int32_t pad = digits - scale_;
  if (coefficient_ == 0) return Decimal(0, digits);
  if (digits_of(magnitude(coefficient_)) + pad > kMaxDigits) return *this;
  return Decimal(coefficient_ * static_cast<Int128>(kPowers[static_cast<std::size_t>(pad)]), digits);
}

Decimal operator+(const Decimal& a, const Decimal& b) {
  if (a.scale_ < b.scale_) return b + a;
  if (b.coefficient_ == 0) return a;  // a has the larger scale
  const std::int32_t shift = a.scale_ - b.scale_;
  if (shift + digits_of(magnitude(b.coefficient_)) > 2 * Decimal::kMaxDigits || shift >= kTableSize) {
    return a.coefficient_ == 0 ? b
                               : fitted(scaled(b, 0), b.scale_, b.is_negative());  // a is lost in rounding
  }
  WideInteger left = scaled(a, 0);
  WideInteger right = scaled(b, static_cast<int>(shift));
  if (a.is_negative() == b.is_negative()) {
    left.add(right);
    return fitted(left, a.scale_, a.is_negative());
  }
  if (WideInteger::compare(left, right) >= 0) {
    left.subtract(right);
    return fitted(left, a.scale_, a.is_negative());
  }
  right.subtract(left);
  return fitted(right, a.scale_, b.is_negative());
}

Decimal operator*(const Decimal& a, const Decimal& b) {
  const bool negative = a.is_negative() != b.is_negative();
  return fitted(WideInteger::product(magnitude(a.coefficient_), magnitude(b.coefficient_)),
                a.scale_ + b.scale_, negative);
}

std::optional<Decimal> Decimal::divide(const Decimal& a, const Decimal& b) {
  constexpr int kQuotientDigits = 28;
  if (b.coefficient_ == 0) return std::nullopt;
  if (a.coefficient_ == 0) return Decimal();
  const int shift = std::max(
      kQuotientDigits + 2 + digits_of(magnitude(b.coefficient_)) - digits_of(magnitude(a.coefficient_)), 0);
  WideInteger quotient = scaled(a, shift).divided(magnitude(b.coefficient_));
  std::int32_t scale = a.scale_ - b.scale_ + shift;
  const int excess = digits_of(quotient) - kQuotientDigits;
  if (excess > 0) {
    drop_digits(quotient, excess);
    scale -= excess;
  }
  const Decimal result = fitted(quotient, scale, a.is_negative() != b.is_negative()).normalized();
  return result.scale_ < 0 ? result.with_scale(0) : result;
}

std::optional<Decimal> Decimal::divide_whole(const Decimal& a, const Decimal& b) {
  if (b.coefficient_ == 0) return std::nullopt;
  const std::int32_t shift = a.scale_ - b.scale_;
  if (shift >= kTableSize) return Decimal();
  if (shift <= -kTableSize) return std::nullopt;
  const WideInteger left = scaled(a, shift < 0 ? -shift : 0);
  const WideInteger right = scaled(b, shift > 0 ? shift : 0);
  if (WideInteger::compare(left, right) < 0) return Decimal();
  if (!right.fits_128() || (right.limbs[1] >> 63) != 0) return std::nullopt;
  const WideInteger quotient = left.divided(right.low_128());
  if (digits_of(quotient) > kMaxDigits) return std::nullopt;
  return Decimal(with_sign(quotient.low_128(), a.is_negative() != b.is_negative()), 0);
}

std::optional<Decimal> Decimal::remainder(const Decimal& a, const Decimal& b) {
  const auto whole = divide_whole(a, b);
  if (!whole) return std::nullopt;
  return a - *whole * b;
}

std::optional<Decimal> Decimal::power(const Decimal& base, int exponent) {
  if (exponent > 1000 || exponent < -1000) return std::nullopt;
  Decimal result = from_integer(1);
  Decimal factor = base;
  for (unsigned rest = static_cast<unsigned>(std::abs(exponent)); rest != 0; rest >>= 1U) {
    if ((rest & 1U) != 0) result = result * factor;
    if (rest > 1) factor = factor * factor;
    if (!result.in_range() || !factor.in_range()) return std::nullopt;
  }
  return exponent < 0 ? divide(from_integer(1), result) : std::optional(result);
}

std::optional<Decimal> Decimal::square_root(const Decimal& value) {
  if (value.is_negative()) return std::nullopt;
  if (value.is_zero()) return Decimal();
  // Newton's iteration on decimals; the start from binary is right to 15 digits, two steps give 28 and more.
  const Decimal half = from_parts(5, 1);
  auto root = from_binary(std::sqrt(value.to_binary()));
  for (int step = 0; root && !root->is_zero() && step < 3; ++step) {
    const auto quotient = divide(value, *root);
    if (!quotient) return std::nullopt;
    root = (*root + *quotient) * half;
  }
  if (!root) return std::nullopt;
  const int digits = digits_of(magnitude(root->coefficient_));
  const Decimal result = digits > 27 ? root->rounded(root->scale_ - (digits - 27), Rounding::HalfUp) : *root;
  const Decimal shortest = result.normalized();
  return shortest.scale_ < 0 ? shortest.with_scale(0) : shortest;
}

int Decimal::compare(const Decimal& a, const Decimal& b) {
  const bool a_negative = a.is_negative();
  if (a_negative != b.is_negative() || a.is_zero() || b.is_zero()) {
    const Int128 left = a.coefficient_, right = b.coefficient_;
    return left < right ? -1 : (left > right ? 1 : 0);
  }
  UInt128 left = magnitude(a.coefficient_), right = magnitude(b.coefficient_);
  const int a_digits = digits_of(left), b_digits = digits_of(right);
  const int a_size = a_digits - a.scale_, b_size = b_digits - b.scale_;
  if (a_size != b_size) return (a_size < b_size) != a_negative ? -1 : 1;
  if (a_digits < b_digits) left *= kPowers[static_cast<std::size_t>(b_digits - a_digits)];
  if (b_digits < a_digits) right *= kPowers[static_cast<std::size_t>(a_digits - b_digits)];
  if (left == right) return 0;
  return (left < right) != a_negative ? -1 : 1;
}

std::size_t Decimal::hash() const {
  const Decimal value = normalized();
  const auto bits = static_cast<UInt128>(value.coefficient_);
  return std::hash<std::uint64_t>()(static_cast<std::uint64_t>(bits) ^
                                    static_cast<std::uint64_t>(bits >> 64)) *
             31 +
         static_cast<std::size_t>(value.scale_ + kMaxExponent);
}

}  // namespace fhir::path
