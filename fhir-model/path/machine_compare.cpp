// Equality, equivalence and order of items (FHIRPath 2.0 §6.1, §6.2).
#include <algorithm>

#include "fhir-model/path/lexer.h"
#include "fhir-model/path/machine.h"
#include "fhir-model/path/ucum.h"
#include "fhir-model/path/utf8.h"

namespace fhir::path {
namespace {

Truth truth_of(bool value) {
  return value ? Truth::True : Truth::False;
}

bool is_temporal(const Value& value) {
  return value.kind == ValueKind::Date || value.kind == ValueKind::DateTime || value.kind == ValueKind::Time;
}

bool is_number(const Value& value) {
  return value.kind == ValueKind::Integer || value.kind == ValueKind::Decimal;
}

// Years and months have no fixed length: "1 year" and UCUM's "a" are equivalent, but nobody can say equal.
bool is_vague(const QuantityValue& quantity) {
  const auto unit = quantity.is_calendar ? calendar_word(quantity.unit) : std::nullopt;
  return unit && *unit <= CalendarUnit::Month;
}

std::string_view ucum_code(const QuantityValue& quantity) {
  constexpr std::string_view kCodes[] = {"a", "mo", "wk", "d", "h", "min", "s", "ms"};
  const auto unit = quantity.is_calendar ? calendar_word(quantity.unit) : std::nullopt;
  return unit ? kCodes[static_cast<std::size_t>(*unit)] : quantity.unit;
}

// The words differ ("year", "years") where the unit is one.
bool same_unit(const QuantityValue& a, const QuantityValue& b) {
  return a.is_calendar == b.is_calendar &&
         (a.unit == b.unit || (a.is_calendar && ucum_code(a) == ucum_code(b)));
}

// For equivalence: small letters, one space for any white space.
std::string loosened(std::string_view text) {
  std::string out;
  bool space = false;
  for (const char c : to_lower(text)) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    if (!blank && space && !out.empty()) out.push_back(' ');
    space = blank;
    if (!blank) out.push_back(c);
  }
  return out;
}

bool equivalent_decimals(const Decimal& a, const Decimal& b) {
  const std::int32_t digits = std::min(a.normalized().scale(), b.normalized().scale());
  return Decimal::compare(a.rounded(std::max(digits, 0), Decimal::Rounding::HalfUp),
                          b.rounded(std::max(digits, 0), Decimal::Rounding::HalfUp)) == 0;
}

TemporalOrder order_of(int comparison) {
  if (comparison == 0) return TemporalOrder::Equal;
  return comparison < 0 ? TemporalOrder::Less : TemporalOrder::Greater;
}

}  // namespace

Truth Machine::equal_quantities(const QuantityValue& a, const QuantityValue& b) {
  if (same_unit(a, b)) return truth_of(Decimal::compare(a.value, b.value) == 0);
  if (is_vague(a) && is_vague(b)) {  // 12 months are a year by the calendar
    const auto months = [](const QuantityValue& q) {
      return ucum_code(q) == "a" ? q.value * Decimal::from_integer(12) : q.value;
    };
    return truth_of(Decimal::compare(months(a), months(b)) == 0);
  }
  const auto x = parse_unit(ucum_code(a));
  const auto y = parse_unit(ucum_code(b));
  if (!x || !y) return Truth::Empty;
  if (!x->same_dimension(*y)) return Truth::False;
  if (is_vague(a) != is_vague(b)) return Truth::Empty;
  return truth_of(compare_quantities(a.value, *x, b.value, *y) == 0);
}

bool Machine::equivalent_quantities(const QuantityValue& a, const QuantityValue& b) {
  if (same_unit(a, b)) return equivalent_decimals(a.value, b.value);
  const auto x = parse_unit(ucum_code(a));
  const auto y = parse_unit(ucum_code(b));
  if (!x || !y || !x->same_dimension(*y)) return false;
  // In the coarser unit, so that the precision of the less precise value decides (4 'g' ~ 4040 'mg').
  const Decimal one = Decimal::from_integer(1);
  const bool a_coarser = compare_quantities(one, *x, one, *y) >= 0;
  const auto converted = a_coarser ? convert(b.value, *y, *x) : convert(a.value, *x, *y);
  return converted && equivalent_decimals(*converted, a_coarser ? a.value : b.value);
}

Truth Machine::equal_system(const Value& a, const Value& b) {
  if (a.kind == ValueKind::String && b.kind == ValueKind::String) return truth_of(a.string() == b.string());
  if (a.kind == ValueKind::Boolean && b.kind == ValueKind::Boolean) return truth_of(a.boolean == b.boolean);
  if (a.kind == ValueKind::Integer && b.kind == ValueKind::Integer) return truth_of(a.integer == b.integer);
  if (is_temporal(a) && is_temporal(b)) {
    if ((a.kind == ValueKind::Time) != (b.kind == ValueKind::Time)) return Truth::False;
    const TemporalOrder result = compare(*a.temporal, *b.temporal);
    return result == TemporalOrder::Unknown ? Truth::Empty : truth_of(result == TemporalOrder::Equal);
  }
  if (is_number(a) && is_number(b)) {
    Decimal x, y;
    return truth_of(as_decimal(a, x) && as_decimal(b, y) && Decimal::compare(x, y) == 0);
  }
  QuantityValue x, y;
  if (as_quantity(a, x) && as_quantity(b, y)) return equal_quantities(x, y);
  return Truth::False;
}

Truth Machine::equal(const Value& a, const Value& b) {
  if (a.kind == ValueKind::Node && b.kind == ValueKind::Node && a.node == b.node && a.node != nullptr) {
    return Truth::True;
  }
  if (a.kind == ValueKind::TypeInfo || b.kind == ValueKind::TypeInfo) {
    return truth_of(a.kind == b.kind && a.is_fhir_type == b.is_fhir_type && a.string() == b.string());
  }
  Value x, y;
  const bool x_system = to_system(a, x);
  const bool y_system = to_system(b, y);
  if (x_system && y_system) return equal_system(x, y);
  if (a.kind != ValueKind::Node || b.kind != ValueKind::Node) return Truth::False;
  if (a.node == nullptr || b.node == nullptr) {
    const bool same = a.node == b.node && a.extension != nullptr && b.extension != nullptr &&
                      same_nodes(*a.extension, *b.extension, false);
    return truth_of(same);
  }
  return truth_of(same_nodes(*a.node, *b.node, false));
}

bool Machine::equivalent_system(const Value& a, const Value& b) {
  if (a.kind == ValueKind::String && b.kind == ValueKind::String) {
    return a.string() == b.string() || loosened(a.string()) == loosened(b.string());
  }
  if (is_number(a) && is_number(b)) {
    Decimal x, y;
    return as_decimal(a, x) && as_decimal(b, y) && equivalent_decimals(x, y);
  }
  QuantityValue x, y;
  if ((a.kind == ValueKind::Quantity || b.kind == ValueKind::Quantity) && as_quantity(a, x) &&
      as_quantity(b, y)) {
    return equivalent_quantities(x, y);
  }
  return equal_system(a, b) == Truth::True;
}

bool Machine::equivalent(const Value& a, const Value& b) {
  if (a.kind == ValueKind::TypeInfo || b.kind == ValueKind::TypeInfo) return equal(a, b) == Truth::True;
  Value x, y;
  const bool x_system = to_system(a, x);
  const bool y_system = to_system(b, y);
  if (x_system && y_system) return equivalent_system(x, y);
  if (a.kind != ValueKind::Node || b.kind != ValueKind::Node) return false;
  if (a.node == nullptr || b.node == nullptr) return equal(a, b) == Truth::True;
  return same_nodes(*a.node, *b.node, true);
}

bool Machine::same_nodes(const Node& a, const Node& b, bool loosely) {
  if (!charge(1)) return false;
  if (a.is_object() && b.is_object()) return same_objects(a, b, loosely);
  if (a.is_array() && b.is_array()) return same_arrays(a, b, loosely);
  if (a.kind() != b.kind()) return false;
  if (a.is_number() && a.text() != b.text()) {
    const auto x = Decimal::parse(a.text());
    const auto y = Decimal::parse(b.text());
    return x && y && (loosely ? equivalent_decimals(*x, *y) : Decimal::compare(*x, *y) == 0);
  }
  return a.text() == b.text() || (loosely && a.is_string() && loosened(a.text()) == loosened(b.text()));
}

bool Machine::same_objects(const Node& a, const Node& b, bool loosely) {
  if (a.child_count() != b.child_count()) return false;
  auto other = b.children().begin();
  for (const Node& child : a.children()) {
    // Usually the members come in the same order.
    const bool aligned = other != b.children().end() && other->json_name() == child.json_name();
    const Node* found = aligned ? &*other : b.find(child.json_name());
    if (other != b.children().end()) ++other;
    if (found == nullptr || !same_nodes(child, *found, loosely)) return false;
  }
  return true;
}

bool Machine::same_arrays(const Node& a, const Node& b, bool loosely) {
  if (a.child_count() != b.child_count()) return false;
  if (!loosely) {
    auto other = b.children().begin();
    for (const Node& child : a.children()) {
      if (!same_nodes(child, *other, false)) return false;
      ++other;
    }
    return true;
  }
  std::vector<const Node*> open;
  for (const Node& child : b.children()) open.push_back(&child);
  for (const Node& child : a.children()) {
    const auto found = std::find_if(open.begin(), open.end(),
                                    [&](const Node* other) { return same_nodes(child, *other, true); });
    if (found == open.end()) return false;
    open.erase(found);
  }
  return true;
}

bool Machine::equivalent_collections(Range left, Range right) {
  if (left.size() != right.size()) return false;
  std::vector<bool> taken(right.size(), false);
  for (std::size_t i = left.begin; i < left.end; ++i) {
    bool matched = false;
    for (std::size_t j = 0; j < right.size() && !matched; ++j) {
      if (taken[j] || !charge(1)) continue;
      matched = equivalent(Value(stack_[i]), Value(stack_[right.begin + j]));
      if (matched) taken[j] = true;
    }
    if (!matched) return false;
  }
  return true;
}

bool Machine::eval_equality(const Step& step, const Scope& scope, Truth& out) {
  const std::size_t mark = stack_.size();
  if (!eval_argument(step.focus, scope)) return false;
  const Range left = range_from(mark);
  if (!eval_argument(program_->argument(step, 0), scope)) return false;
  const Range right = range_from(left.end);
  if (step.op == Op::Equivalent || step.op == Op::NotEquivalent) {
    const bool single = left.size() == 1 && right.size() == 1;
    const bool same =
        single ? equivalent(stack_[left.begin], stack_[right.begin]) : equivalent_collections(left, right);
    out = truth_of(same == (step.op == Op::Equivalent));
  } else if (left.size() == 0 || right.size() == 0) {
    out = Truth::Empty;
  } else {
    out = truth_of(left.size() == right.size());
    for (std::size_t i = 0; i < left.size() && out == Truth::True; ++i) {
      if (!charge(1)) return false;
      out = equal(Value(stack_[left.begin + i]), Value(stack_[right.begin + i]));
    }
    if (step.op == Op::NotEqual && out != Truth::Empty) out = truth_of(out == Truth::False);
  }
  stack_.resize(mark);
  return !failed();
}

bool Machine::order(const Step& step, const Value& a, const Value& b, TemporalOrder& out) {
  if (a.kind == ValueKind::String && b.kind == ValueKind::String) {
    out = order_of(a.string().compare(b.string()));  // UTF-8 sorts as code points do
    return true;
  }
  if (is_number(a) && is_number(b)) {
    Decimal x, y;
    if (a.kind == ValueKind::Integer && b.kind == ValueKind::Integer) {
      out = order_of(a.integer < b.integer ? -1 : (a.integer > b.integer ? 1 : 0));
    } else if (as_decimal(a, x) && as_decimal(b, y)) {
      out = order_of(Decimal::compare(x, y));
    }
    return true;
  }
  if (is_temporal(a) && is_temporal(b) && (a.kind == ValueKind::Time) == (b.kind == ValueKind::Time)) {
    out = compare(*a.temporal, *b.temporal);
    return true;
  }
  QuantityValue x, y;
  if (!as_quantity(a, x) || !as_quantity(b, y)) {
    return fail_execution(step, "Values of these types have no order between them.");
  }
  if (same_unit(x, y)) {
    out = order_of(Decimal::compare(x.value, y.value));
    return true;
  }
  const auto x_unit = parse_unit(ucum_code(x));
  const auto y_unit = parse_unit(ucum_code(y));
  out = TemporalOrder::Unknown;
  if (!x_unit || !y_unit || !x_unit->same_dimension(*y_unit)) return true;
  if (is_vague(x) != is_vague(y)) return true;
  out = order_of(compare_quantities(x.value, *x_unit, y.value, *y_unit));
  return true;
}

bool Machine::eval_order(const Step& step, const Scope& scope, Truth& out) {
  const std::size_t mark = stack_.size();
  if (!eval_argument(step.focus, scope)) return false;
  const Range left = range_from(mark);
  if (!eval_argument(program_->argument(step, 0), scope)) return false;
  const Range right = range_from(left.end);
  out = Truth::Empty;
  if (left.size() > 1 || right.size() > 1)
    return fail_execution(step, "A comparison takes single items, not several.");
  if (left.size() == 1 && right.size() == 1) {
    Value a, b;
    const bool known = to_system(stack_[left.begin], a) && to_system(stack_[right.begin], b);
    if (failed()) return false;
    if (!known)
      return fail_execution(step, "Only numbers, texts, dates, times and quantities can be compared.");
    TemporalOrder result = TemporalOrder::Unknown;
    if (!order(step, a, b, result)) return false;
    const bool less = step.op == Op::Less || step.op == Op::LessOrEqual;
    const bool with_equal = step.op == Op::LessOrEqual || step.op == Op::GreaterOrEqual;
    const TemporalOrder wanted = less ? TemporalOrder::Less : TemporalOrder::Greater;
    if (result != TemporalOrder::Unknown) {
      out = truth_of(result == wanted || (with_equal && result == TemporalOrder::Equal));
    }
  }
  stack_.resize(mark);
  return true;
}

bool Machine::eval_membership(const Step& step, const Scope& scope, Truth& out) {
  const std::size_t mark = stack_.size();
  if (!eval_argument(step.focus, scope)) return false;
  const std::size_t middle = stack_.size();
  if (!eval_argument(program_->argument(step, 0), scope)) return false;
  Range item{mark, middle}, list = range_from(middle);
  if (step.op == Op::Contains) std::swap(item, list);
  out = Truth::Empty;
  if (item.size() > 1) return fail_execution(step, "\"in\" and \"contains\" look for one item, not several.");
  if (item.size() == 1) {
    out = Truth::False;
    for (std::size_t i = list.begin; i < list.end && out == Truth::False; ++i) {
      if (!charge(1)) return false;
      if (equal(Value(stack_[item.begin]), Value(stack_[i])) == Truth::True) out = Truth::True;
    }
  }
  stack_.resize(mark);
  return !failed();
}

}  // namespace fhir::path
