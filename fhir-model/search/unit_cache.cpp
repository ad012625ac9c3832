#include "fhir-model/search/unit_cache.h"

namespace fhir::search {
namespace {

std::unique_ptr<const KnownUnit> read_unit(std::string_view code) {
  auto unit = path::parse_unit(code);
  if (!unit) return nullptr;
  unit->denominator = unit->denominator.normalized();  // 1000 becomes 1e3: a shift instead of a division
  return std::make_unique<const KnownUnit>(KnownUnit{*unit, unit->base_code()});
}

}  // namespace

const KnownUnit* UnitCache::find(std::string_view code) {
  const auto known = units_.find(code);
  if (known != units_.end()) return known->second.get();
  auto unit = read_unit(code);
  if (units_.size() >= kMaxUnits || code.size() > kMaxLength) {
    last_ = std::move(unit);
    return last_.get();
  }
  return units_.emplace(std::string(code), std::move(unit)).first->second.get();
}

std::optional<path::Decimal> in_base_units(const path::Decimal& value, const KnownUnit& known) {
  const path::Unit& unit = known.unit;
  const bool is_factor = unit.scale == path::UcumUnitKind::Plain;
  if (is_factor && unit.denominator.coefficient() == 1) {
    const path::Decimal product = value * unit.numerator;
    return path::Decimal::from_parts(product.coefficient(), product.scale() - unit.denominator.scale());
  }
  path::Unit base;
  base.dimensions = unit.dimensions;
  base.arbitrary = unit.arbitrary;
  return path::convert(value, unit, base);
}

}  // namespace fhir::search
