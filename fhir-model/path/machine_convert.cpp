// FHIR elements as system values; toX() and convertsToX().
#include <charconv>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/path/machine.h"
#include "fhir-model/path/ucum.h"

namespace fhir::path {
namespace {

bool parse_integer(std::string_view text, std::int64_t& out) {
  const bool plus = !text.empty() && text[0] == '+';
  if (plus) text.remove_prefix(1);
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && read.ec == std::errc() && read.ptr == text.data() + text.size() &&
         out <= INT32_MAX && out >= INT32_MIN && !(plus && text[0] == '-');
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool equals_ignoring_case(std::string_view a, std::string_view lower) {
  if (a.size() != lower.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char c = a[i] >= 'A' && a[i] <= 'Z' ? static_cast<char>(a[i] + 32) : a[i];
    if (c != lower[i]) return false;
  }
  return true;
}

std::optional<bool> parse_boolean(std::string_view text) {
  for (const std::string_view yes : {"true", "t", "yes", "y", "1", "1.0"}) {
    if (equals_ignoring_case(text, yes)) return true;
  }
  for (const std::string_view no : {"false", "f", "no", "n", "0", "0.0"}) {
    if (equals_ignoring_case(text, no)) return false;
  }
  return std::nullopt;
}

SystemType type_by_form(const Node& node) {
  if (node.is_string()) return SystemType::String;
  if (node.is_boolean()) return SystemType::Boolean;
  if (!node.is_number()) return SystemType::None;
  return node.text().find_first_of(".eE") == std::string_view::npos ? SystemType::Integer
                                                                    : SystemType::Decimal;
}

}  // namespace

bool Machine::to_system(const Value& item, Value& out) {
  if (item.kind != ValueKind::Node) {
    out = item;
    return item.kind != ValueKind::TypeInfo;
  }
  if (item.node == nullptr) return false;
  return node_to_system(item, item.type == kNoType ? type_by_form(*item.node) : system_type_of(item.type),
                        out);
}

bool Machine::node_to_system(const Value& item, SystemType type, Value& out) {
  const Node& node = *item.node;
  if (type == SystemType::Quantity) return quantity_of(item, out);
  if (type == SystemType::None || !node.is_primitive()) return false;
  const std::string_view text = node.text();
  if (type == SystemType::String) {
    out = Value::of_string(text);
    return true;
  }
  if (type == SystemType::Boolean) {
    out = Value::of_boolean(node.kind() == NodeKind::True);
    return node.is_boolean();
  }
  if (type == SystemType::Integer) {
    std::int64_t integer = 0;
    if (!parse_integer(text, integer)) return false;
    out = Value::of_integer(integer);
    return true;
  }
  if (type == SystemType::Decimal) {
    const auto value = Decimal::parse(text);
    if (!value && text.size() > static_cast<std::size_t>(Decimal::kMaxDigits)) return fail_limit("digits");
    const Decimal* kept = value ? scratch_.keep(*value) : nullptr;
    if (value && kept == nullptr) return fail_limit("memory");
    if (kept != nullptr) out = Value::of_decimal(kept);
    return kept != nullptr;
  }
  std::optional<Temporal> value;
  if (type == SystemType::Date) value = Temporal::parse_date(text);
  if (type == SystemType::DateTime) value = Temporal::parse_date_time(text);
  if (type == SystemType::Time) value = Temporal::parse_time(text);
  if (!value) return false;
  const Temporal* kept = scratch_.keep(*value);
  if (kept == nullptr) return fail_limit("memory");
  out = Value::of_temporal(kept);
  return true;
}

// A FHIR Quantity with a value and no comparator. Its code counts when it is UCUM's, else the unit's text.
bool Machine::quantity_of(const Value& item, Value& out) {
  const Node& node = *item.node;
  const Node* number = node.find(atoms::kValue);
  if (number == nullptr || !number->is_primitive() || node.find(atoms::kComparator) != nullptr) return false;
  const auto value = Decimal::parse(number->text());
  if (!value) return false;
  std::string_view unit = node.member_text(atoms::kCode);
  if (unit.empty()) unit = node.member_text(atoms::kUnit);
  const bool calendar = unit.size() > 3 && calendar_word(unit).has_value();
  const auto* kept = scratch_.keep(QuantityValue{*value, unit.empty() ? "1" : unit, calendar});
  if (kept == nullptr) return fail_limit("memory");
  out = Value::of_quantity(kept);
  return true;
}

bool Machine::as_decimal(const Value& item, Decimal& out) const {
  if (item.kind == ValueKind::Integer) {
    out = Decimal::from_integer(item.integer);
    return true;
  }
  if (item.kind != ValueKind::Decimal) return false;
  out = *item.decimal;
  return true;
}

bool Machine::as_quantity(const Value& item, QuantityValue& out) const {
  if (item.kind == ValueKind::Quantity) {
    out = *item.quantity;
    return true;
  }
  out = {Decimal(), "1", false};
  return as_decimal(item, out.value);
}

bool Machine::text_of(const Value& item, std::string_view& out) {
  std::string text;
  switch (item.kind) {
    case ValueKind::String:
      out = item.string();
      return true;
    case ValueKind::Boolean:
      out = item.boolean ? "true" : "false";
      return true;
    case ValueKind::Integer:
      text = std::to_string(item.integer);
      break;
    case ValueKind::Decimal:
      text = item.decimal->to_string();
      break;
    case ValueKind::Date:
    case ValueKind::DateTime:
    case ValueKind::Time:
      text = item.temporal->to_string();
      break;
    case ValueKind::Quantity:
      text = item.quantity->value.to_string();
      text += item.quantity->is_calendar ? " " : " '";
      text += item.quantity->unit;
      if (!item.quantity->is_calendar) text += '\'';
      break;
    default:
      return false;
  }
  out = scratch_.keep_text(text);
  return out.data() != nullptr || fail_limit("memory");
}

// FHIRPath 2.0 §5.5.7: number, optionally a unit in quotes or the word of a calendar duration.
bool Machine::string_to_quantity(std::string_view text, Value& out) {
  text = trimmed(text);
  std::size_t end = 0;
  while (end < text.size() && (text[end] == '-' || text[end] == '+' || text[end] == '.' ||
                               (text[end] >= '0' && text[end] <= '9'))) {
    ++end;
  }
  const auto value = Decimal::parse(text.substr(0, end));
  const std::string_view unit = trimmed(text.substr(end));
  if (!value) return false;
  QuantityValue quantity{*value, "1", false};
  if (unit.size() > 2 && unit.front() == '\'' && unit.back() == '\'') {
    quantity.unit = unit.substr(1, unit.size() - 2);
    if (quantity.unit.find('\'') != std::string_view::npos) return false;
  } else if (!unit.empty()) {
    if (!calendar_word(unit)) return false;
    quantity.unit = unit;
    quantity.is_calendar = true;
  }
  quantity.unit = scratch_.keep_text(quantity.unit);
  const auto* kept = quantity.unit.data() != nullptr ? scratch_.keep(quantity) : nullptr;
  if (kept == nullptr) return fail_limit("memory");
  out = Value::of_quantity(kept);
  return true;
}

bool Machine::convert_to_temporal(const Value& item, SystemType type, Value& out) {
  const bool text = item.kind == ValueKind::String;
  const bool date = item.kind == ValueKind::Date || item.kind == ValueKind::DateTime;
  std::optional<Temporal> value;
  if (date && type != SystemType::Time) value = *item.temporal;
  if (text && type != SystemType::Time) value = Temporal::parse_date_time(item.string());
  if (value) value = type == SystemType::Date ? value->as_date() : value->as_date_time();
  if (item.kind == ValueKind::Time && type == SystemType::Time) value = *item.temporal;
  if (text && type == SystemType::Time) {
    value = Temporal::parse_time(item.string().substr(item.string().starts_with('T') ? 1 : 0));
  }
  if (!value) return false;
  const Temporal* kept = scratch_.keep(*value);
  if (kept == nullptr) return fail_limit("memory");
  out = Value::of_temporal(kept);
  return true;
}

bool Machine::convert_to_number(const Value& item, SystemType type, Value& out) {
  const bool text = item.kind == ValueKind::String;
  if (type == SystemType::Integer) {
    std::int64_t integer = item.kind == ValueKind::Boolean && item.boolean ? 1 : 0;
    if (item.kind == ValueKind::Integer) integer = item.integer;
    const bool parsed = text && parse_integer(item.string(), integer);
    out = Value::of_integer(integer);
    return parsed || item.kind == ValueKind::Integer || item.kind == ValueKind::Boolean;
  }
  if (type == SystemType::Quantity) {
    if (text) return string_to_quantity(item.string(), out);
    QuantityValue quantity{Decimal::from_integer(item.kind == ValueKind::Boolean && item.boolean ? 1 : 0),
                           "1"};
    if (item.kind != ValueKind::Boolean && !as_quantity(item, quantity)) return false;
    const auto* kept = scratch_.keep(quantity);
    if (kept == nullptr) return fail_limit("memory");
    out = Value::of_quantity(kept);
    return true;
  }
  std::optional<Decimal> value;
  if (text) value = Decimal::parse(item.string());
  if (item.kind == ValueKind::Boolean) value = Decimal::from_parts(item.boolean ? 10 : 0, 1);
  if (item.kind == ValueKind::Integer) value = Decimal::from_integer(item.integer);
  if (item.kind == ValueKind::Decimal) value = *item.decimal;
  if (!value) return false;
  const Decimal* kept = scratch_.keep(*value);
  if (kept == nullptr) return fail_limit("memory");
  out = Value::of_decimal(kept);
  return true;
}

bool Machine::convert_to(const Value& item, SystemType type, Value& out) {
  switch (type) {
    case SystemType::Boolean: {
      Decimal number;
      const bool numeric = as_decimal(item, number);
      const auto parsed = item.kind == ValueKind::String ? parse_boolean(item.string()) : std::nullopt;
      out = item.kind == ValueKind::Boolean ? item : Value::of_boolean(parsed.value_or(!number.is_zero()));
      return item.kind == ValueKind::Boolean || parsed ||
             (numeric && (number.is_zero() || Decimal::compare(number, Decimal::from_integer(1)) == 0));
    }
    case SystemType::Integer:
    case SystemType::Decimal:
    case SystemType::Quantity:
      return convert_to_number(item, type, out);
    case SystemType::Date:
    case SystemType::DateTime:
    case SystemType::Time:
      return convert_to_temporal(item, type, out);
    default:
      break;
  }
  std::string_view characters;
  if (!text_of(item, characters)) return false;
  out = Value::of_string(characters);
  return true;
}

bool Machine::eval_conversion(const Step& step, Range range, const Scope& scope) {
  constexpr std::size_t kFirst = static_cast<std::size_t>(Function::ToBoolean);
  constexpr SystemType kTargets[] = {SystemType::Boolean,  SystemType::Integer, SystemType::Date,
                                     SystemType::DateTime, SystemType::Time,    SystemType::Decimal,
                                     SystemType::Quantity, SystemType::String};
  const std::size_t offset = static_cast<std::size_t>(step.function) - kFirst;
  const SystemType target = kTargets[offset / 2];
  const bool test = offset % 2 == 1;
  if (range.size() > 1) return fail_execution(step, "A conversion takes one item, not several.");
  if (range.size() == 0) return true;
  Value item, converted;
  bool done = to_system(stack_[range.begin], item) && convert_to(item, target, converted);
  if (failed()) return false;
  std::string_view unit;
  bool present = false;
  if (step.argument_count == 1 && !string_argument(step, 0, scope, unit, present)) return false;
  if (done && present) {  // toQuantity(unit)
    const auto from = parse_unit(converted.quantity->unit);
    const auto to = parse_unit(unit);
    const auto value = from && to ? convert(converted.quantity->value, *from, *to) : std::nullopt;
    stack_.resize(range.begin);
    if (test) return push_boolean(value.has_value());
    return !value || push_quantity(*value, unit, false);
  }
  stack_.resize(range.begin);
  if (test) return push_boolean(done);
  return !done || push(converted);
}

}  // namespace fhir::path
