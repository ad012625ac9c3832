#include "fhir-model/search/quantity_number.h"

namespace fhir::search {
namespace {

using path::Decimal;

// The exact number and the ends of what its precision implies, in base units.
struct BaseNumber {
  OrderedNumber exact, low, high;
};

std::optional<BaseNumber> base_number(const Decimal& value, const KnownUnit& unit) {
  const Decimal half = implied_half_width(value);
  const auto exact = in_base_units(value, unit);
  const auto low = in_base_units(value - half, unit);
  const auto high = in_base_units(value + half, unit);
  if (!exact || !low || !high) return std::nullopt;
  return BaseNumber{ordered_number(*exact), ordered_number(*low), ordered_number(*high) - 1};
}

}  // namespace

NumberKey number_key(const Decimal& value) {
  const OrderedNumber exact = ordered_number(value);
  return {{exact, exact}, implied_interval(value)};
}

NumberKey number_key(const Decimal* low, const Decimal* high) {
  if (low == high && low != nullptr) return number_key(*low);
  NumberKey key{{kLowestNumber, kHighestNumber}, {kLowestNumber, kHighestNumber}};
  if (low != nullptr) {
    key.value.lo = ordered_number(*low);
    key.implied.lo = implied_interval(*low).lo;
  }
  if (high != nullptr) {
    key.value.hi = ordered_number(*high);
    key.implied.hi = implied_interval(*high).hi;
  }
  return key;
}

std::optional<NumberKey> canonical_number(const Decimal* low, const Decimal* high, const KnownUnit& unit) {
  NumberKey key{{kLowestNumber, kHighestNumber}, {kLowestNumber, kHighestNumber}};
  if (low != nullptr) {
    const auto base = base_number(*low, unit);
    if (!base) return std::nullopt;
    key.value.lo = base->exact;
    key.implied.lo = base->low;
    if (low == high) return NumberKey{{base->exact, base->exact}, {base->low, base->high}};
  }
  if (high != nullptr) {
    const auto base = base_number(*high, unit);
    if (!base) return std::nullopt;
    key.value.hi = base->exact;
    key.implied.hi = base->high;
  }
  return key;
}

}  // namespace fhir::search
