#pragma once
// 256-bit unsigned integers, for products of two 128-bit coefficients.

#include <array>
#include <cstdint>

#include "fhir-model/path/decimal.h"

namespace fhir::path {

// Little-endian limbs. Overflow beyond 256 bits is the caller's to avoid. Plain value.
struct WideInteger {
  std::array<std::uint64_t, 4> limbs{};

  static WideInteger from(UInt128 value) {
    return {{static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(value >> 64), 0, 0}};
  }
  static WideInteger product(UInt128 a, UInt128 b);

  bool fits_128() const { return limbs[2] == 0 && limbs[3] == 0; }
  UInt128 low_128() const { return (static_cast<UInt128>(limbs[1]) << 64) | limbs[0]; }
  // Divides by a small number in place and returns the remainder.
  std::uint64_t divide_small(std::uint64_t divisor);
  void multiply_small(std::uint64_t factor);
  void add(const WideInteger& other);
  void subtract(const WideInteger& other);  // other <= *this
  static int compare(const WideInteger& a, const WideInteger& b);
  // Quotient by a 128-bit divisor below 2^127, not zero.
  WideInteger divided(UInt128 divisor) const;
};

}  // namespace fhir::path
