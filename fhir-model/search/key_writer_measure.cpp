// Dates, numbers, quantities and positions.
#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/search/key_writer.h"
#include "fhir-model/search/quantity_number.h"

namespace fhir::search {
namespace {

constexpr std::string_view kCurrencies = "urn:iso:std:iso:4217";
constexpr std::int64_t kPositionUnits = 10'000'000;

// Smallest and largest number among SampledData.data's; the words E, L and U stand for values not measured.
bool sample_bounds(std::string_view data, path::Decimal& low, path::Decimal& high) {
  bool any = false;
  while (!data.empty()) {
    const std::size_t end = std::min(data.find(' '), data.size());
    const auto value = path::Decimal::parse(data.substr(0, end));
    data.remove_prefix(std::min(end + 1, data.size()));
    if (!value) continue;
    if (!any || path::Decimal::compare(*value, low) < 0) low = *value;
    if (!any || path::Decimal::compare(*value, high) > 0) high = *value;
    any = true;
  }
  return any;
}

}  // namespace

void KeyWriter::date(const Node& node) {
  if (!node.is_string()) return;
  const auto interval = parse_date_interval(node.text(), options_.zone_minutes);
  if (!interval) return unusable();
  add(*interval, node);
}

// False when neither end is usable.
bool KeyWriter::period_interval(const Node& node, DateInterval& out) {
  const std::string_view start = node.member_text(atoms::kStart);
  const std::string_view end = node.member_text(atoms::kEnd);
  const auto first = parse_date_interval(start, options_.zone_minutes);
  const auto last = parse_date_interval(end, options_.zone_minutes);
  if ((!first && !start.empty()) || (!last && !end.empty())) unusable();
  if (!first && !last) return false;
  out = {};
  out.precision = DatePrecision::Fraction;
  for (const auto* one : {&first, &last}) {
    if (!*one) continue;
    out.precision = std::min(out.precision, (*one)->precision);
    out.has_zone = out.has_zone || (*one)->has_zone;
  }
  if (first) out.lo = first->lo;
  if (last) out.hi = last->hi;
  return true;
}

void KeyWriter::period(const Node& node) {
  DateInterval interval;
  if (period_interval(node, interval)) add(interval, node);
}

// R4 §3.1.1.5.8: only the outer limits count.
void KeyWriter::timing(const Node& node) {
  DateInterval limits{kOpenEnd, kOpenStart, DatePrecision::Fraction, false};
  bool any = false;
  const auto widen = [&](const DateInterval& one) {
    limits = {std::min(limits.lo, one.lo), std::max(limits.hi, one.hi),
              std::min(limits.precision, one.precision), limits.has_zone || one.has_zone};
    any = true;
  };
  if (const Node* events = node.find(atoms::kEvent)) {
    for (const Node& event : events->children()) {
      const auto interval = parse_date_interval(event.text(), options_.zone_minutes);
      if (interval) {
        widen(*interval);
      } else {
        unusable();
      }
    }
  }
  const Node* repeat = node.find(atoms::kRepeat);
  const Node* bounds = repeat != nullptr ? repeat->find(atoms::kBoundsPeriod) : nullptr;
  DateInterval period_limits;
  if (bounds != nullptr && period_interval(*bounds, period_limits)) widen(period_limits);
  if (any) add(limits, node);
}

void KeyWriter::number(const Node& node) {
  if (!node.is_number()) return;
  const auto value = path::Decimal::parse(node.text());
  if (!value) return unusable();
  add(number_key(*value), node);
}

// The value of a Quantity, of Range.low or Range.high; false when there is none.
bool KeyWriter::bound(const Node* quantity, path::Decimal& out) {
  const Node* value = quantity != nullptr ? quantity->find(atoms::kValue) : nullptr;
  if (value == nullptr || !value->is_number()) return false;
  const auto parsed = path::Decimal::parse(value->text());
  if (!parsed) unusable();
  if (parsed) out = *parsed;
  return parsed.has_value();
}

void KeyWriter::number_range(const Node& node) {
  path::Decimal low, high;
  const bool has_low = bound(node.find(atoms::kLow), low);
  const bool has_high = bound(node.find(atoms::kHigh), high);
  if (!has_low && !has_high) return;
  add(number_key(has_low ? &low : nullptr, has_high ? &high : nullptr), node);
}

// Completes the key with its numbers, in the unit as written and in base units.
void KeyWriter::add_quantity(QuantityKey key, const path::Decimal* low, const path::Decimal* high,
                             const Node& node) {
  key.number = number_key(low, high);
  const KnownUnit* unit = key.system == kUcumSystem ? units_.find(key.code) : nullptr;
  const auto canonical = unit != nullptr ? canonical_number(low, high, *unit) : std::nullopt;
  if (canonical) {
    key.canonical = *canonical;
    key.canonical_code = keys_->texts_.copy(unit->base_code);
  }
  add(key, node);
}

void KeyWriter::quantity(const Node& node, Atom code_member) {
  QuantityKey key;
  if (code_member == atoms::kCurrency) key.system = kCurrencies;
  path::Decimal value;
  if (!bound(&node, value)) return;
  for (const Node& child : node.children()) {
    if (child.is_underscored() || !child.is_primitive()) continue;
    if (child.atom() == atoms::kSystem) key.system = child.text();
    if (child.atom() == code_member) key.code = child.text();
    if (child.atom() == atoms::kUnit) key.unit = child.text();
  }
  add_quantity(key, &value, &value, node);
}

void KeyWriter::quantity_range(const Node& node) {
  path::Decimal low, high;
  const bool has_low = bound(node.find(atoms::kLow), low);
  const bool has_high = bound(node.find(atoms::kHigh), high);
  if (!has_low && !has_high) return;
  const Node& unit = *node.find(has_low ? atoms::kLow : atoms::kHigh);
  QuantityKey key;
  key.system = unit.member_text(atoms::kSystem);
  key.code = unit.member_text(atoms::kCode);
  key.unit = unit.member_text(atoms::kUnit);
  add_quantity(key, has_low ? &low : nullptr, has_high ? &high : nullptr, node);
}

// R4 Observation, value-quantity: "for SampledData, the bounds of the values": data × factor + origin.
void KeyWriter::quantity_sampled(const Node& node) {
  path::Decimal low, high, origin;
  const Node* unit = node.find(atoms::kOrigin);
  if (!bound(unit, origin) || !sample_bounds(node.member_text(atoms::kData), low, high)) return;
  const auto factor = path::Decimal::parse(node.member_text(atoms::kFactor));
  const path::Decimal scale = factor.value_or(path::Decimal::from_integer(1));
  low = low * scale + origin;
  high = high * scale + origin;
  if (scale.is_negative()) std::swap(low, high);
  QuantityKey key;
  key.system = unit->member_text(atoms::kSystem);
  key.code = unit->member_text(atoms::kCode);
  key.unit = unit->member_text(atoms::kUnit);
  add_quantity(key, &low, &high, node);
}

void KeyWriter::position(const Node& node) {
  const auto latitude = path::Decimal::parse(node.member_text(atoms::kLatitude));
  const auto longitude = path::Decimal::parse(node.member_text(atoms::kLongitude));
  if (!latitude || !longitude) return unusable();
  const path::Decimal units = path::Decimal::from_integer(kPositionUnits);
  const auto whole = [&](const path::Decimal& degrees) {
    return (degrees * units).rounded(0, path::Decimal::Rounding::HalfUp).to_integer();
  };
  const auto north = whole(*latitude), east = whole(*longitude);
  if (!north || !east) return unusable();
  add(PositionKey{*north, *east}, node);
}

}  // namespace fhir::search
