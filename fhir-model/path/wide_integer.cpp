#include "fhir-model/path/wide_integer.h"

namespace fhir::path {

WideInteger WideInteger::product(UInt128 a, UInt128 b) {
  const WideInteger x = from(a);
  const WideInteger y = from(b);
  WideInteger result;
  for (std::size_t i = 0; i < 2; ++i) {
    UInt128 carry = 0;
    for (std::size_t j = 0; j < 2; ++j) {
      const UInt128 sum = static_cast<UInt128>(x.limbs[i]) * y.limbs[j] + result.limbs[i + j] + carry;
      result.limbs[i + j] = static_cast<std::uint64_t>(sum);
      carry = sum >> 64;
    }
    result.limbs[i + 2] = static_cast<std::uint64_t>(carry);
  }
  return result;
}

std::uint64_t WideInteger::divide_small(std::uint64_t divisor) {
  UInt128 remainder = 0;
  for (std::size_t i = 4; i-- > 0;) {
    const UInt128 part = (remainder << 64) | limbs[i];
    limbs[i] = static_cast<std::uint64_t>(part / divisor);
    remainder = part % divisor;
  }
  return static_cast<std::uint64_t>(remainder);
}

void WideInteger::multiply_small(std::uint64_t factor) {
  UInt128 carry = 0;
  for (std::uint64_t& limb : limbs) {
    const UInt128 product = static_cast<UInt128>(limb) * factor + carry;
    limb = static_cast<std::uint64_t>(product);
    carry = product >> 64;
  }
}

void WideInteger::add(const WideInteger& other) {
  UInt128 carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const UInt128 sum = static_cast<UInt128>(limbs[i]) + other.limbs[i] + carry;
    limbs[i] = static_cast<std::uint64_t>(sum);
    carry = sum >> 64;
  }
}

void WideInteger::subtract(const WideInteger& other) {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const UInt128 taken = static_cast<UInt128>(other.limbs[i]) + borrow;
    borrow = taken > limbs[i] ? 1 : 0;
    limbs[i] = static_cast<std::uint64_t>(limbs[i] - taken);
  }
}

int WideInteger::compare(const WideInteger& a, const WideInteger& b) {
  for (std::size_t i = 4; i-- > 0;) {
    if (a.limbs[i] != b.limbs[i]) return a.limbs[i] < b.limbs[i] ? -1 : 1;
  }
  return 0;
}

WideInteger WideInteger::divided(UInt128 divisor) const {
  WideInteger quotient;
  UInt128 remainder = 0;
  for (std::size_t bit = 256; bit-- > 0;) {
    remainder = (remainder << 1) | ((limbs[bit / 64] >> (bit % 64)) & 1U);
    if (remainder < divisor) continue;
    remainder -= divisor;
    quotient.limbs[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  return quotient;
}

}  // namespace fhir::path
