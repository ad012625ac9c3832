#include "fhir-model/validate/value_bounds.h"

#include <optional>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/path/decimal.h"
#include "fhir-model/path/temporal.h"

namespace fhir::validate {
namespace {

std::optional<path::Temporal> temporal_of(std::string_view text) {
  if (auto moment = path::Temporal::parse_date_time(text)) return moment;
  return path::Temporal::parse_time(text);
}

int sign_of(path::TemporalOrder order) {
  if (order == path::TemporalOrder::Less) return -1;
  return order == path::TemporalOrder::Greater ? 1 : 0;
}

std::optional<path::CalendarUnit> calendar_unit(std::string_view code) {
  if (code == "a") return path::CalendarUnit::Year;
  if (code == "mo") return path::CalendarUnit::Month;
  return path::calendar_code(code);
}

// Now, moved by the duration into the past or the future.
std::optional<path::Temporal> moved_now(const Node& duration, bool into_past) {
  const auto amount = path::Decimal::parse(duration.member_text(atoms::kValue));
  const auto unit = calendar_unit(duration.member_text(atoms::kCode));
  if (!amount || !unit) return std::nullopt;
  return path::add(path::current_moment(), into_past ? amount->negated() : *amount, *unit);
}

// -1, 0, 1; 0 also for what cannot be compared.
int compare_values(const Node& value, const Node& bound, bool is_least) {
  if (value.is_object() && bound.is_object()) {
    const Node* a = value.find(atoms::kValue);
    const Node* b = bound.find(atoms::kValue);
    const bool same_unit = value.member_text(atoms::kCode) == bound.member_text(atoms::kCode);
    return a == nullptr || b == nullptr || !same_unit ? 0 : compare_values(*a, *b, is_least);
  }
  if (value.is_number() && bound.is_number()) {
    const auto a = path::Decimal::parse(value.text());
    const auto b = path::Decimal::parse(bound.text());
    return a && b ? path::Decimal::compare(*a, *b) : 0;
  }
  const auto a = temporal_of(value.text());
  const auto b = bound.is_object() ? moved_now(bound, is_least) : temporal_of(bound.text());
  return a && b ? sign_of(path::compare(*a, *b)) : 0;
}

}  // namespace

bool is_below(const Node& value, const Node& bound) {
  return compare_values(value, bound, true) < 0;
}

bool is_above(const Node& value, const Node& bound) {
  return compare_values(value, bound, false) > 0;
}

}  // namespace fhir::validate
