// Arithmetic on numbers, quantities, texts and dates (FHIRPath 2.0 §6.6), and the mathematical functions
// (§5.7).
#include <cmath>

#include "fhir-model/path/machine.h"
#include "fhir-model/path/ucum.h"

namespace fhir::path {
namespace {

bool is_number(const Value& value) {
  return value.kind == ValueKind::Integer || value.kind == ValueKind::Decimal;
}

bool is_temporal(const Value& value) {
  return value.kind == ValueKind::Date || value.kind == ValueKind::DateTime || value.kind == ValueKind::Time;
}

}  // namespace

bool Machine::push_integer_or_decimal(const Decimal& value, bool integer) {
  if (!integer) return push_decimal(value);
  const auto whole = value.to_integer();
  // Overflow gives an empty collection.
  return !whole || *whole > INT32_MAX || *whole < INT32_MIN || push_integer(*whole);
}

bool Machine::eval_arithmetic(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  if (!eval_argument(step.focus, scope)) return false;
  const Range left = range_from(mark);
  if (!eval_argument(program_->argument(step, 0), scope)) return false;
  const Range right = range_from(left.end);
  if (left.size() > 1 || right.size() > 1)
    return fail_execution(step, "Arithmetic takes single items, not several.");
  const bool empty = left.size() == 0 || right.size() == 0;
  Value a, b;
  const bool known = !empty && to_system(stack_[left.begin], a) && to_system(stack_[right.begin], b);
  stack_.resize(mark);
  if (failed()) return false;
  if (empty) return true;
  if (!known)
    return fail_execution(step, "Arithmetic takes numbers, quantities, texts, dates and times only.");
  if (step.op == Op::Add || step.op == Op::Subtract) return add_values(step, a, b);
  return multiply_values(step, a, b);
}

bool Machine::add_values(const Step& step, const Value& a, const Value& b) {
  const bool subtract = step.op == Op::Subtract;
  if (is_number(a) && is_number(b)) {
    Decimal x, y;
    const bool both = as_decimal(a, x) && as_decimal(b, y);
    const bool integer = a.kind == ValueKind::Integer && b.kind == ValueKind::Integer;
    return both && push_integer_or_decimal(subtract ? x - y : x + y, integer);
  }
  if (is_temporal(a) && b.kind == ValueKind::Quantity) return add_to_temporal(step, a, b);
  if (a.kind == ValueKind::String && b.kind == ValueKind::String && !subtract) {
    return push_text(std::string(a.string()).append(b.string()));
  }
  QuantityValue x, y;
  const bool quantity = a.kind == ValueKind::Quantity || b.kind == ValueKind::Quantity;
  if (quantity && as_quantity(a, x) && as_quantity(b, y)) return add_quantities(step, x, y);
  return fail_execution(step,
                        subtract ? "These values cannot be subtracted." : "These values cannot be added.");
}

bool Machine::add_to_temporal(const Step& step, const Value& a, const Value& b) {
  const QuantityValue& quantity = *b.quantity;
  const auto word = calendar_word(quantity.unit);
  const auto unit = word ? word : calendar_code(quantity.unit);
  if (!unit) {
    return fail_execution(
        step,
        "Only durations of the calendar (\"1 month\") can be added to dates and times, and of "
        "UCUM's those of a week or shorter.");
  }
  Decimal amount = step.op == Op::Subtract ? quantity.value.negated() : quantity.value;
  // UCUM's definite seconds count whole here (published cases); the calendar's seconds keep their fraction.
  if (!word) amount = amount.rounded(0, Decimal::Rounding::Truncate);
  const auto sum = add(*a.temporal, amount, *unit);
  return !sum || push_temporal(*sum);
}

bool Machine::add_quantities(const Step& step, const QuantityValue& a, const QuantityValue& b) {
  const auto combined = [&](const Decimal& x, const Decimal& y) {
    return step.op == Op::Subtract ? x - y : x + y;
  };
  if (a.unit == b.unit && a.is_calendar == b.is_calendar) {
    return push_quantity(combined(a.value, b.value), a.unit, a.is_calendar);
  }
  const auto x = parse_unit(a.unit);
  const auto y = parse_unit(b.unit);
  if (!x || !y || !x->same_dimension(*y)) return true;
  // In the finer unit, so that nothing is lost.
  const Decimal one = Decimal::from_integer(1);
  const bool a_finer = compare_quantities(one, *x, one, *y) <= 0;
  const auto left = a_finer ? std::optional(a.value) : convert(a.value, *x, *y);
  const auto right = a_finer ? convert(b.value, *y, *x) : std::optional(b.value);
  return !left || !right || push_quantity(combined(*left, *right), a_finer ? a.unit : b.unit, false);
}

bool Machine::multiply_values(const Step& step, const Value& a, const Value& b) {
  Decimal x, y;
  if (!as_decimal(a, x) || !as_decimal(b, y)) {
    QuantityValue left, right;
    const bool product = step.op == Op::Multiply || step.op == Op::Divide;
    if (product && as_quantity(a, left) && as_quantity(b, right))
      return multiply_quantities(step, left, right);
    return fail_execution(step, "Only numbers can be multiplied and divided, and quantities by * and /.");
  }
  const bool integer = a.kind == ValueKind::Integer && b.kind == ValueKind::Integer;
  std::optional<Decimal> result;
  if (step.op == Op::Multiply) result = x * y;
  if (step.op == Op::Divide) result = Decimal::divide(x, y);
  if (step.op == Op::Div) result = Decimal::divide_whole(x, y);
  if (step.op == Op::Mod) result = Decimal::remainder(x, y);
  if (!result) return true;  // division by zero gives an empty collection
  const bool whole = step.op == Op::Div || (integer && step.op != Op::Divide);
  return push_integer_or_decimal(*result, whole);
}

bool Machine::multiply_quantities(const Step& step, const QuantityValue& a, const QuantityValue& b) {
  const bool divide = step.op == Op::Divide;
  const auto value = divide ? Decimal::divide(a.value, b.value) : std::optional(a.value * b.value);
  if (!value) return true;
  if (b.unit == "1") return push_quantity(*value, a.unit, a.is_calendar);
  if (a.unit == "1" && !divide) return push_quantity(*value, b.unit, b.is_calendar);
  const auto x = parse_unit(a.unit);
  const auto y = parse_unit(b.unit);
  const auto unit = x && y ? Unit::product(*x, *y, divide) : std::nullopt;
  if (!unit) return true;
  // In base units: "cm" times "m" is "m2".
  const auto in_base = Decimal::divide(*value * unit->numerator, unit->denominator);
  if (!in_base) return true;
  const std::string_view code = scratch_.keep_text(unit->base_code());
  return code.data() == nullptr ? fail_limit("memory") : push_quantity(*in_base, code, false);
}

bool Machine::eval_concatenate(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  std::string text;
  for (const std::uint32_t operand : {step.focus, program_->argument(step, 0)}) {
    if (!eval_argument(operand, scope)) return false;
    const Range range = range_from(mark);
    if (range.size() > 1) return fail_execution(step, "& takes single items, not several.");
    if (range.size() == 0) continue;
    Value item;
    std::string_view part;
    const bool known = to_system(stack_[mark], item) && text_of(item, part);
    if (failed()) return false;
    if (!known) return fail_execution(step, "& takes texts, not elements of several parts.");
    text += part;
    stack_.resize(mark);
  }
  return push_text(text);
}

bool Machine::eval_math(const Step& step, Range range, const Scope& scope) {
  if (range.size() == 0) return true;
  if (range.size() > 1)
    return fail_execution(step, "A mathematical function takes one number, not several items.");
  Value item;
  const bool known = to_system(stack_[range.begin], item);
  if (failed()) return false;
  Value argument;
  bool present = false;
  if (step.argument_count == 1 && !value_argument(step, 0, scope, argument, present)) return false;
  stack_.resize(range.begin);
  if (step.argument_count == 1 && !present) return true;
  if (known && item.kind == ValueKind::Quantity && step.function == Function::Abs) {
    return push_quantity(item.quantity->value.absolute(), item.quantity->unit, item.quantity->is_calendar);
  }
  Decimal value;
  if (!known || !as_decimal(item, value))
    return fail_execution(step, "A mathematical function takes a number.");
  return math_of(step, value, item.kind == ValueKind::Integer, present ? &argument : nullptr);
}

bool Machine::math_of(const Step& step, const Decimal& value, bool was_integer, const Value* argument) {
  Decimal operand;
  if (argument != nullptr && !as_decimal(*argument, operand))
    return fail_execution(step, "The argument must be a number.");
  const auto push_binary = [this](long double number) {
    const auto decimal = Decimal::from_binary(number);
    return !decimal || push_decimal(*decimal);
  };
  switch (step.function) {
    case Function::Abs:
      return push_integer_or_decimal(value.absolute(), was_integer);
    case Function::Ceiling:
      return push_integer_or_decimal(value.rounded(0, Decimal::Rounding::Ceiling), true);
    case Function::Floor:
      return push_integer_or_decimal(value.rounded(0, Decimal::Rounding::Floor), true);
    case Function::Truncate:
      return push_integer_or_decimal(value.rounded(0, Decimal::Rounding::Truncate), true);
    case Function::Exp:
      return push_binary(std::exp(value.to_binary()));
    case Function::Ln:
      return value.is_negative() || value.is_zero() || push_binary(std::log(value.to_binary()));
    case Function::Log:
      if (value.is_negative() || value.is_zero() || operand.is_negative() || operand.is_zero()) return true;
      return push_binary(std::log(value.to_binary()) / std::log(operand.to_binary()));
    case Function::Sqrt: {
      const auto root = Decimal::square_root(value);
      return !root || push_decimal(*root);
    }
    case Function::Power: {
      const auto exponent = operand.to_integer();
      const bool whole = exponent && *exponent <= 1000 && *exponent >= -1000;
      if (!whole) return push_binary(std::pow(value.to_binary(), operand.to_binary()));
      const auto power = Decimal::power(value, static_cast<int>(*exponent));
      const bool integer = was_integer && argument->kind == ValueKind::Integer && *exponent >= 0;
      return !power || push_integer_or_decimal(*power, integer);
    }
    default:
      break;
  }
  const auto digits = argument != nullptr ? operand.to_integer() : std::optional<std::int64_t>(0);
  if (!digits || *digits < 0)
    return fail_execution(step, "round() needs a whole number of digits, zero or more.");
  const auto places = static_cast<std::int32_t>(std::min<std::int64_t>(*digits, Decimal::kMaxDigits));
  return push_integer_or_decimal(value.rounded(places, Decimal::Rounding::HalfUp), was_integer);
}

bool Machine::eval_precision(Range range) {
  if (range.size() != 1)
    return range.size() == 0 || fail_execution(program_->steps[current_], "precision() takes one item.");
  Value item;
  const bool known = to_system(stack_[range.begin], item);
  stack_.resize(range.begin);
  if (!known) return !failed();
  if (item.kind == ValueKind::Decimal) return push_integer(item.decimal->scale());
  if (item.kind == ValueKind::Integer) return push_integer(0);
  return !is_temporal(item) || push_integer(item.temporal->digits());
}

bool Machine::eval_comparable(const Step& step, Range range, const Scope& scope) {
  Value argument, item;
  bool present = false;
  if (!value_argument(step, 0, scope, argument, present)) return false;
  if (range.size() > 1) return fail_execution(step, "comparable() takes one quantity, not several items.");
  const bool empty = range.size() == 0 || !present;
  const bool known = !empty && to_system(stack_[range.begin], item);
  stack_.resize(range.begin);
  if (failed()) return false;
  if (empty) return true;
  QuantityValue a, b;
  if (!known || !as_quantity(item, a) || !as_quantity(argument, b)) return push_boolean(false);
  const auto x = parse_unit(a.unit);
  const auto y = parse_unit(b.unit);
  return push_boolean(x && y && x->same_dimension(*y));
}

// Half a unit of the last digit below or above, then cut to `digits` decimals. The published cases round the
// far side half up and the near side towards zero (0.0034 at one digit is 0.0 on both sides).
bool Machine::push_decimal_boundary(const Decimal& value, int digits, bool high,
                                    const QuantityValue* quantity) {
  constexpr int kMaxDecimals = 28;
  if (digits < 0 || digits > kMaxDecimals) return true;
  const Decimal half = Decimal::from_parts(5, std::max(value.scale(), 0) + 1);
  const Decimal edge = high ? value + half : value - half;
  const bool outwards = high != edge.is_negative();
  const Decimal cut =
      edge.rounded(digits, outwards ? Decimal::Rounding::HalfUp : Decimal::Rounding::Truncate);
  const Decimal result = cut.with_scale(digits);
  if (quantity != nullptr) return push_quantity(result, quantity->unit, quantity->is_calendar);
  return push_decimal(result);
}

bool Machine::eval_boundary(const Step& step, Range range, const Scope& scope) {
  if (range.size() > 1) return fail_execution(step, "A boundary is of one item, not several.");
  std::int64_t digits = 0;
  bool given = false;
  if (step.argument_count == 1 && !integer_argument(step, 0, scope, digits, given)) return false;
  if (range.size() == 0) return true;
  Value item;
  const bool known = to_system(stack_[range.begin], item);
  stack_.resize(range.begin);
  if (failed()) return false;
  if (digits > 100 || digits < 0) return true;
  const bool high = step.function == Function::HighBoundary;
  Decimal number;
  const int places = given ? static_cast<int>(digits) : 8;
  if (known && as_decimal(item, number)) return push_decimal_boundary(number, places, high, nullptr);
  if (known && item.kind == ValueKind::Quantity) {
    return push_decimal_boundary(item.quantity->value, places, high, item.quantity);
  }
  if (!known || !is_temporal(item))
    return fail_execution(step, "A boundary is of a number, quantity, date or time.");
  const int all = item.kind == ValueKind::Date ? 8 : (item.kind == ValueKind::Time ? 9 : 17);
  const int wanted = given ? static_cast<int>(digits) : all;
  const auto boundary = high ? high_boundary(*item.temporal, wanted) : low_boundary(*item.temporal, wanted);
  return !boundary || push_temporal(*boundary);
}

}  // namespace fhir::path
