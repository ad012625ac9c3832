#include "fhir-model/validate/answer_order.h"

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/path/decimal.h"
#include "fhir-model/path/temporal.h"
#include "fhir-model/path/ucum.h"

namespace fhir::validate {
namespace {

std::optional<int> number_order(std::string_view a, std::string_view b) {
  const auto x = path::Decimal::parse(a);
  const auto y = path::Decimal::parse(b);
  if (!x || !y) return std::nullopt;
  return path::Decimal::compare(*x, *y);
}

std::optional<int> quantity_order(const Node& a, const Node& b) {
  const auto x = path::Decimal::parse(a.member_text(atoms::kValue));
  const auto y = path::Decimal::parse(b.member_text(atoms::kValue));
  const auto system = a.member_text(atoms::kSystem);
  const auto code = a.member_text(atoms::kCode);
  if (!x || !y || system.empty() || code.empty() || system != b.member_text(atoms::kSystem)) {
    return std::nullopt;
  }
  if (code == b.member_text(atoms::kCode)) return path::Decimal::compare(*x, *y);
  const auto from = path::parse_unit(code);
  const auto to = path::parse_unit(b.member_text(atoms::kCode));
  if (system != "http://unitsofmeasure.org" || !from || !to || !from->same_dimension(*to)) {
    return std::nullopt;
  }
  return path::compare_quantities(*x, *from, *y, *to);
}

int sign_of(int order) {
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

std::optional<int> text_order(std::string_view a, std::string_view b) {
  const auto x = path::Temporal::parse_date_time(a);
  const auto y = path::Temporal::parse_date_time(b);
  if (x && y) {
    const auto order = path::compare(*x, *y);
    if (order == path::TemporalOrder::Less) return -1;
    if (order == path::TemporalOrder::Greater) return 1;
    if (order == path::TemporalOrder::Equal) return 0;
  }
  return sign_of(a.compare(b));
}

}  // namespace

std::optional<int> answer_order(const Node& a, const Node& b) {
  if (a.is_object() && b.is_object()) return quantity_order(a, b);
  if (a.is_number() && b.is_number()) return number_order(a.text(), b.text());
  if (a.is_string() && b.is_string()) return text_order(a.text(), b.text());
  return std::nullopt;
}

bool is_same_answer(const Node& a, const Node& b) {
  if (a.is_object() != b.is_object()) return false;
  if (!a.is_object()) return a.text() == b.text() || (a.is_number() && answer_order(a, b) == 0);
  if (a.find(atoms::kReference) != nullptr) {
    return a.member_text(atoms::kReference) == b.member_text(atoms::kReference);
  }
  if (a.find(atoms::kValue) != nullptr) return answer_order(a, b) == 0;
  return a.member_text(atoms::kSystem) == b.member_text(atoms::kSystem) &&
         a.member_text(atoms::kCode) == b.member_text(atoms::kCode);
}

}  // namespace fhir::validate
