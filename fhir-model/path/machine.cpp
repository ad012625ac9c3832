#include "fhir-model/path/machine.h"

#include <array>

#include "fhir-model/path/lexer.h"

namespace fhir::path {

Machine::Machine(const EvaluationLimits& limits) : limits_(limits), scratch_(limits.memory) {
  constexpr std::size_t kUsualItems = 256;
  stack_.reserve(kUsualItems);
}

void Machine::start(const Program& program, const EvaluationInput& input) {
  program_ = &program.data();
  definitions_ = program_->definitions;
  input_ = input;
  stack_.clear();
  variables_.clear();
  variable_values_.clear();
  scratch_.reset();
  budget_ = limits_.steps;
  current_ = kNoStep;
  failed_ = false;
  now_.reset();
}

bool Machine::run() {
  Scope scope;
  scope.item = input_.context;
  scope.present = input_.has_context;
  return eval(program_->root, scope);
}

bool Machine::run_boolean(Truth& out) {
  Scope scope;
  scope.item = input_.context;
  scope.present = input_.has_context;
  return eval_bool(program_->root, scope, out);
}

bool Machine::fail(const Step& step, ExpressionError::Kind kind, std::string message) {
  if (failed_) return false;
  failed_ = true;
  failure_ = error_at(program_->expression, step.offset, kind, std::move(message));
  return false;
}

bool Machine::fail_limit(std::string_view limit) {
  std::uint64_t bound =
      limit == "steps" ? limits_.steps : (limit == "items" ? limits_.items : limits_.memory);
  if (limit == "digits") bound = Decimal::kMaxDigits;
  const Step& step = program_->steps[current_ == kNoStep ? program_->root : current_];
  return fail(step, ExpressionError::Kind::Limit,
              "The evaluation needs more than the limit of " + std::to_string(bound) + " " +
                  std::string(limit) + (limit == "memory" ? " bytes." : "."));
}

bool Machine::push_text(std::string_view text) {
  const std::string_view kept = scratch_.keep_text(text);
  return kept.data() == nullptr ? fail_limit("memory") : push(Value::of_string(kept));
}

bool Machine::push_decimal(const Decimal& value) {
  if (!value.in_range()) return true;  // overflow gives an empty collection (FHIRPath 2.0 §6.6)
  const Decimal* kept = scratch_.keep(value);
  return kept == nullptr ? fail_limit("memory") : push(Value::of_decimal(kept));
}

bool Machine::push_temporal(const Temporal& value) {
  const Temporal* kept = scratch_.keep(value);
  return kept == nullptr ? fail_limit("memory") : push(Value::of_temporal(kept));
}

bool Machine::push_quantity(const Decimal& value, std::string_view unit, bool is_calendar) {
  if (!value.in_range()) return true;
  const QuantityValue* kept = scratch_.keep(QuantityValue{value, unit, is_calendar});
  return kept == nullptr ? fail_limit("memory") : push(Value::of_quantity(kept));
}

bool Machine::push_truth(Truth truth) {
  return truth == Truth::Empty || push_boolean(truth == Truth::True);
}

bool Machine::eval_argument(std::uint32_t step, const Scope& scope) {
  const std::size_t variables = variables_.size();
  const bool done = eval(step, scope);
  variables_.resize(variables);
  return done;
}

bool Machine::eval_focus(const Step& step, const Scope& scope) {
  if (step.focus != kNoStep) return eval(step.focus, scope);
  return !scope.present || push(scope.item);
}

bool Machine::eval(std::uint32_t index, const Scope& scope) {
  const Step& step = program_->steps[index];
  current_ = index;
  if (!charge(1)) return false;
  switch (step.op) {
    case Op::Literal:
      return push(program_->literals[step.data]);
    case Op::EmptySet:
      return true;
    case Op::This:
      return !scope.present || push(scope.item);
    case Op::Index:
      return scope.index < 0 || push_integer(scope.index);
    case Op::Total:
      for (std::size_t i = scope.total.begin; i < scope.total.end; ++i) {
        if (!push(Value(stack_[i]))) return false;
      }
      return true;
    case Op::Variable:
      return eval_variable(step);
    case Op::TypeRoot:
      return eval_type_root(step, scope);
    case Op::Member: {
      if (step.focus == kNoStep) return !scope.present || push_members(step, scope.item);
      const std::size_t mark = stack_.size();
      if (!eval(step.focus, scope)) return false;
      const std::size_t end = stack_.size();
      for (std::size_t i = mark; i < end; ++i) {
        const Value item = stack_[i];
        if (!push_members(step, item)) return false;
      }
      keep_from(mark, end);
      return true;
    }
    case Op::Item:
      return eval_item(step, scope);
    case Op::Call:
      return eval_call(step, scope);
    case Op::As:
      return eval_as(step, scope, program_->as_filters);
    case Op::Negate:
    case Op::Positive:
      return eval_sign(step, scope);
    case Op::Multiply:
    case Op::Divide:
    case Op::Div:
    case Op::Mod:
    case Op::Add:
    case Op::Subtract:
      return eval_arithmetic(step, scope);
    case Op::Concatenate:
      return eval_concatenate(step, scope);
    case Op::Union:
      return eval_union(step.focus, program_->argument(step, 0), scope);
    default: {
      Truth truth = Truth::Empty;
      return eval_bool(index, scope, truth) && push_truth(truth);
    }
  }
}

bool Machine::eval_bool(std::uint32_t index, const Scope& scope, Truth& out) {
  const Step& step = program_->steps[index];
  current_ = index;
  if (!charge(1)) return false;
  switch (step.op) {
    case Op::And:
    case Op::Or:
    case Op::Xor:
    case Op::Implies:
      return eval_logic(step, scope, out);
    case Op::Equal:
    case Op::NotEqual:
    case Op::Equivalent:
    case Op::NotEquivalent:
      return eval_equality(step, scope, out);
    case Op::Less:
    case Op::LessOrEqual:
    case Op::Greater:
    case Op::GreaterOrEqual:
      return eval_order(step, scope, out);
    case Op::In:
    case Op::Contains:
      return eval_membership(step, scope, out);
    case Op::Is:
      return eval_is(step, scope, out);
    case Op::Call:
      if (gives_truth(step.function)) return call_bool(step, scope, out);
      break;
    default:
      break;
  }
  const std::size_t mark = stack_.size();
  if (!eval_argument(index, scope)) return false;
  const bool done = single_truth(step, range_from(mark), out);
  stack_.resize(mark);
  return done;
}

bool Machine::single_truth(const Step& step, Range range, Truth& out) {
  out = Truth::Empty;
  if (range.size() == 0) return true;
  if (range.size() > 1) return fail_execution(step, "Several items where one condition is expected.");
  const Value item = stack_[range.begin];
  if (item.kind == ValueKind::Boolean) {
    out = item.boolean ? Truth::True : Truth::False;
    return true;
  }
  Value system;
  const bool converted = item.kind == ValueKind::Node && to_system(item, system);
  if (failed()) return false;
  const bool boolean = converted && system.kind == ValueKind::Boolean;
  out = !boolean || system.boolean ? Truth::True : Truth::False;
  return true;
}

bool Machine::eval_logic(const Step& step, const Scope& scope, Truth& out) {
  Truth left = Truth::Empty, right = Truth::Empty;
  if (!eval_bool(step.focus, scope, left)) return false;
  const bool decided =
      (step.op == Op::And && left == Truth::False) || (step.op == Op::Or && left == Truth::True);
  if (decided) {
    out = left;
    return true;
  }
  if (step.op == Op::Implies && left == Truth::False) {
    out = Truth::True;
    return true;
  }
  if (!eval_bool(program_->argument(step, 0), scope, right)) return false;
  const bool any_empty = left == Truth::Empty || right == Truth::Empty;
  out = any_empty ? Truth::Empty : right;  // and, or, implies: the left operand is neutral here unless empty
  if (step.op == Op::And && right == Truth::False) out = Truth::False;
  if (step.op == Op::Or && right == Truth::True) out = Truth::True;
  if (step.op == Op::Implies && right == Truth::True) out = Truth::True;
  if (step.op == Op::Xor && !any_empty) out = left != right ? Truth::True : Truth::False;
  return true;
}

bool Machine::eval_variable(const Step& step) {
  const std::string& name = program_->names[step.data];
  for (std::size_t i = variables_.size(); i-- > 0;) {
    if (variables_[i].name != name) continue;
    for (std::size_t v = variables_[i].values.begin; v < variables_[i].values.end; ++v) {
      if (!push(variable_values_[v])) return false;
    }
    return true;
  }
  const Value& resource = input_.resource ? *input_.resource : input_.context;
  if (name == "context") return !input_.has_context || push(input_.context);
  if (name == "resource") return (!input_.has_context && !input_.resource) || push(resource);
  if (name == "rootResource") {
    if (input_.root_resource) return push(*input_.root_resource);
    return (!input_.has_context && !input_.resource) || push(resource);
  }
  if (name == "sct") return push(Value::of_string("http://snomed.info/sct"));
  if (name == "loinc") return push(Value::of_string("http://loinc.org"));
  if (name == "ucum") return push(Value::of_string("http://unitsofmeasure.org"));
  if (name.starts_with("vs-")) return push_text("http://hl7.org/fhir/ValueSet/" + name.substr(3));
  if (name.starts_with("ext-")) return push_text("http://hl7.org/fhir/StructureDefinition/" + name.substr(4));
  const auto given = input_.services != nullptr ? input_.services->variable(name) : std::nullopt;
  return !given || push(*given);
}

bool Machine::eval_item(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  if (!eval(step.focus, scope)) return false;
  const Range items = range_from(mark);
  std::int64_t index = 0;
  bool present = false;
  if (!integer_argument(step, 0, scope, index, present)) return false;
  const bool inside = present && index >= 0 && static_cast<std::size_t>(index) < items.size();
  const Value found = inside ? stack_[mark + static_cast<std::size_t>(index)] : Value();
  stack_.resize(mark);
  return !inside || push(found);
}

bool Machine::eval_sign(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  if (!eval(step.focus, scope)) return false;
  const Range range = range_from(mark);
  if (range.size() == 0) return true;
  if (range.size() > 1) return fail_execution(step, "A sign takes one number, not several items.");
  Value item;
  const bool converted = to_system(stack_[mark], item);
  if (failed()) return false;
  const bool number = converted && (item.kind == ValueKind::Integer || item.kind == ValueKind::Decimal ||
                                    item.kind == ValueKind::Quantity);
  const bool sort_key = step.descending;  // the sign of a sort key stands before texts and dates too
  if (!number && !sort_key) return fail_execution(step, "A sign can only stand before a number or quantity.");
  if (step.op == Op::Positive) return true;
  stack_.resize(mark);
  if (item.kind == ValueKind::Integer) return push_integer(-item.integer);
  if (item.kind == ValueKind::Decimal) return push_decimal(item.decimal->negated());
  return push_quantity(item.quantity->value.negated(), item.quantity->unit, item.quantity->is_calendar);
}

}  // namespace fhir::path
