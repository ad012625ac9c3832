// is, as, ofType, type().
#include "fhir-model/path/machine.h"

namespace fhir::path {
namespace {

SystemType system_type_of_kind(ValueKind kind) {
  switch (kind) {
    case ValueKind::Boolean:
      return SystemType::Boolean;
    case ValueKind::String:
      return SystemType::String;
    case ValueKind::Integer:
      return SystemType::Integer;
    case ValueKind::Decimal:
      return SystemType::Decimal;
    case ValueKind::Date:
      return SystemType::Date;
    case ValueKind::DateTime:
      return SystemType::DateTime;
    case ValueKind::Time:
      return SystemType::Time;
    case ValueKind::Quantity:
      return SystemType::Quantity;
    default:
      return SystemType::None;
  }
}

}  // namespace

// as and ofType take a primitive's own type only (a code is no string: the published cases), `is` its
// ancestors too.
bool Machine::is_of_type(const Value& item, const TypeName& type, bool exact_primitive) const {
  if (item.kind != ValueKind::Node) {
    return type.system != SystemType::None && system_type_of_kind(item.kind) == type.system;
  }
  if (type.fhir == kNoType || item.type == kNoType) return false;
  if (item.type == type.fhir) return true;
  if (exact_primitive && definitions_->type(item.type).is_primitive()) return false;
  return definitions_->is_a(item.type, type.fhir);
}

bool Machine::eval_is(const Step& step, const Scope& scope, Truth& out) {
  const std::size_t mark = stack_.size();
  out = Truth::Empty;
  if (step.focus == kNoStep ? !eval_focus(step, scope) : !eval_argument(step.focus, scope)) return false;
  const Range range = range_from(mark);
  if (range.size() > 1) return fail_execution(step, "\"is\" takes one item, not several.");
  if (range.size() == 1) out = is_of_type(stack_[mark], step.type, false) ? Truth::True : Truth::False;
  stack_.resize(mark);
  return true;
}

bool Machine::eval_as(const Step& step, const Scope& scope, bool filter) {
  const std::size_t mark = stack_.size();
  if (!eval_focus(step, scope)) return false;
  if (!filter && range_from(mark).size() > 1) {
    return fail_execution(step, "\"as\" takes one item, not several; ofType() picks from several.");
  }
  std::size_t kept = mark;
  for (std::size_t i = mark; i < stack_.size(); ++i) {
    if (is_of_type(stack_[i], step.type, true)) stack_[kept++] = stack_[i];
  }
  stack_.resize(kept);
  return true;
}

bool Machine::eval_type(std::size_t mark) {
  for (std::size_t i = mark; i < stack_.size(); ++i) {
    Value& item = stack_[i];
    if (item.kind == ValueKind::Node) {
      const std::string_view name = definitions_->type(item.type).name;
      const std::size_t dot = name.rfind('.');
      // A backbone element has no type name of its own.
      item = Value::of_type_info(dot == std::string_view::npos ? name : "BackboneElement", true);
    } else {
      item = Value::of_type_info(system_type_name(system_type_of_kind(item.kind)), false);
    }
  }
  return true;
}

}  // namespace fhir::path
