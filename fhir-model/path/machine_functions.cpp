// Calls: which function is done where; conditions with early exit.
#include "fhir-model/path/machine.h"

namespace fhir::path {
namespace {

Truth truth_of(bool value) {
  return value ? Truth::True : Truth::False;
}

bool between(Function function, Function first, Function last) {
  return function >= first && function <= last;
}

}  // namespace

bool Machine::gives_truth(Function function) {
  switch (function) {
    case Function::Empty:
    case Function::Exists:
    case Function::All:
    case Function::AllTrue:
    case Function::AnyTrue:
    case Function::AllFalse:
    case Function::AnyFalse:
    case Function::SubsetOf:
    case Function::SupersetOf:
    case Function::IsDistinct:
    case Function::Not:
    case Function::Is:
    case Function::HasValue:
      return true;
    default:
      return false;
  }
}

bool Machine::call_bool(const Step& step, const Scope& scope, Truth& out) {
  switch (step.function) {
    case Function::Exists:
    case Function::Empty: {
      bool exists = false;
      if (!eval_exists(step, scope, exists)) return false;
      out = truth_of(exists == (step.function == Function::Exists));
      return true;
    }
    case Function::All:
      return eval_all(step, scope, out);
    case Function::Is:
      return eval_is(step, scope, out);
    case Function::Not: {
      Truth inner = Truth::Empty;
      if (step.focus == kNoStep) {
        const std::size_t mark = stack_.size();
        if (!eval_focus(step, scope) || !single_truth(step, range_from(mark), inner)) return false;
        stack_.resize(mark);
      } else if (!eval_bool(step.focus, scope, inner)) {
        return false;
      }
      out = inner == Truth::Empty ? inner : truth_of(inner == Truth::False);
      return true;
    }
    default:
      break;
  }
  const std::size_t mark = stack_.size();
  const std::size_t variables = variables_.size();
  if (!eval_focus(step, scope)) return false;
  const Range range = range_from(mark);
  bool done = true;
  if (step.function == Function::HasValue) {
    out = truth_of(range.size() == 1 && has_value(stack_[mark]));
  } else if (step.function == Function::IsDistinct) {
    done = eval_distinct(mark);
    out = truth_of(range_from(mark).size() == range.size());
  } else if (step.function == Function::SubsetOf || step.function == Function::SupersetOf) {
    done = eval_subset(step, range, scope, out);
  } else {
    done = eval_all_any(step, range, out);
  }
  variables_.resize(variables);
  stack_.resize(mark);
  return done && !failed();
}

// Also for a.where(b).exists(): the first item that fits decides.
bool Machine::eval_exists(const Step& step, const Scope& scope, bool& out) {
  out = false;
  const std::size_t mark = stack_.size();
  const std::size_t variables = variables_.size();
  const Step* inner = step.focus == kNoStep ? nullptr : &program_->steps[step.focus];
  const bool through_where = inner != nullptr && inner->op == Op::Call &&
                             inner->function == Function::Where && step.argument_count == 0;
  const bool through_member = inner != nullptr && inner->op == Op::Member && step.argument_count == 0;
  const Step& source = through_where || through_member ? *inner : step;
  if (!eval_focus(source, scope)) return false;
  const std::size_t end = stack_.size();
  const Step& criterion = through_where ? *inner : step;
  Scope item_scope = scope;
  item_scope.present = true;
  for (std::size_t i = mark; i < end && !out; ++i) {
    const Value item = stack_[i];
    Truth fits = Truth::True;
    item_scope.item = item;
    item_scope.index = static_cast<std::int64_t>(i - mark);
    if (criterion.argument_count == 1 && !eval_bool(program_->argument(criterion, 0), item_scope, fits))
      return false;
    out = fits == Truth::True && (!through_member || has_member(*inner, item));
    if (failed() || !charge(1)) return false;
  }
  variables_.resize(variables);
  stack_.resize(mark);
  return true;
}

bool Machine::eval_all(const Step& step, const Scope& scope, Truth& out) {
  out = Truth::True;
  const std::size_t mark = stack_.size();
  const std::size_t variables = variables_.size();
  if (!eval_focus(step, scope)) return false;
  const std::size_t end = stack_.size();
  Scope item_scope = scope;
  item_scope.present = true;
  for (std::size_t i = mark; i < end && out == Truth::True; ++i) {
    item_scope.item = stack_[i];
    item_scope.index = static_cast<std::int64_t>(i - mark);
    Truth fits = Truth::Empty;
    if (!eval_bool(program_->argument(step, 0), item_scope, fits)) return false;
    out = truth_of(fits == Truth::True);
  }
  variables_.resize(variables);
  stack_.resize(mark);
  return true;
}

bool Machine::eval_all_any(const Step& step, Range range, Truth& out) {
  const bool all = step.function == Function::AllTrue || step.function == Function::AllFalse;
  const bool wanted = step.function == Function::AllTrue || step.function == Function::AnyTrue;
  bool result = all;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    Value item;
    const bool known = to_system(Value(stack_[i]), item);
    if (failed()) return false;
    if (!known || item.kind != ValueKind::Boolean)
      return fail_execution(step, "The input may hold booleans only.");
    if (all && item.boolean != wanted) result = false;
    if (!all && item.boolean == wanted) result = true;
  }
  out = truth_of(result);
  return true;
}

bool Machine::eval_call(const Step& step, const Scope& scope) {
  if (gives_truth(step.function)) {
    Truth truth = Truth::Empty;
    return call_bool(step, scope, truth) && push_truth(truth);
  }
  switch (step.function) {
    case Function::Where:
      return eval_where(step, scope);
    case Function::Select:
      return eval_select(step, scope);
    case Function::Repeat:
      return eval_repeat(step, scope);
    case Function::OfType:
      return eval_as(step, scope, true);
    case Function::As:
      return eval_as(step, scope, program_->as_filters);
    case Function::Sort:
      return eval_sort(step, scope);
    case Function::Iif:
      return eval_iif(step, scope);
    case Function::Coalesce:
      return eval_coalesce(step, scope);
    case Function::Aggregate:
      return eval_aggregate(step, scope);
    case Function::Trace:
      return eval_trace(step, scope);
    case Function::DefineVariable:
      return eval_define_variable(step, scope);
    case Function::Union:
    case Function::Combine:
    case Function::Intersect:
    case Function::Exclude:
      return eval_combining(step, scope);
    default:
      break;
  }
  const std::size_t mark = stack_.size();
  if (!eval_focus(step, scope)) return false;
  return eval_simple(step, scope, mark) && !failed();
}

// Functions of an input that is evaluated as a whole first: [mark, top).
bool Machine::eval_simple(const Step& step, const Scope& scope, std::size_t mark) {
  const Function function = step.function;
  const Range range = range_from(mark);
  if (between(function, Function::ToBoolean, Function::ConvertsToString))
    return eval_conversion(step, range, scope);
  if (function == Function::Join) return eval_join(step, range, scope);
  if (between(function, Function::IndexOf, Function::Split)) return eval_string(step, range, scope);
  if (between(function, Function::Abs, Function::Truncate)) return eval_math(step, range, scope);
  if (between(function, Function::Sum, Function::Avg)) return eval_summary(step, range);
  if (between(function, Function::Extension, Function::CheckModifiers)) return eval_fhir(step, range, scope);
  switch (function) {
    case Function::Count:
      stack_.resize(mark);
      return push_integer(static_cast<std::int64_t>(range.size()));
    case Function::Distinct:
      return eval_distinct(mark);
    case Function::Children: {
      for (std::size_t i = range.begin; i < range.end; ++i) {
        if (!push_children(Value(stack_[i]))) return false;
      }
      keep_from(mark, range.end);
      return true;
    }
    case Function::Descendants:
      return eval_descendants(mark);
    case Function::Type:
      return eval_type(mark);
    case Function::Precision:
      return eval_precision(range);
    case Function::Comparable:
      return eval_comparable(step, range, scope);
    case Function::LowBoundary:
    case Function::HighBoundary:
      return eval_boundary(step, range, scope);
    case Function::Now:
    case Function::Today:
    case Function::TimeOfDay: {
      stack_.resize(mark);
      if (!now_) now_ = current_moment();
      Temporal moment = function == Function::Today ? now_->as_date() : *now_;
      if (function == Function::TimeOfDay) {
        moment.kind = TemporalKind::Time;
        moment.has_zone = false;
      }
      return push_temporal(moment);
    }
    default:
      return eval_subsetting(step, range, scope);
  }
}

bool Machine::value_argument(const Step& step, std::size_t index, const Scope& scope, Value& out,
                             bool& present) {
  const std::size_t mark = stack_.size();
  present = false;
  if (!eval_argument(program_->argument(step, index), scope)) return false;
  const Range range = range_from(mark);
  if (range.size() > 1) return fail_execution(step, "An argument must be a single item, not several.");
  if (range.size() == 1) {
    present = to_system(stack_[mark], out);
    if (!present && !failed()) return fail_execution(step, "An argument must be a simple value.");
  }
  stack_.resize(mark);
  return !failed();
}

bool Machine::string_argument(const Step& step, std::size_t index, const Scope& scope, std::string_view& out,
                              bool& present) {
  Value value;
  if (!value_argument(step, index, scope, value, present)) return false;
  if (present && value.kind != ValueKind::String)
    return fail_execution(step, "An argument must be a string.");
  if (present) out = value.string();
  return true;
}

bool Machine::integer_argument(const Step& step, std::size_t index, const Scope& scope, std::int64_t& out,
                               bool& present) {
  Value value;
  if (!value_argument(step, index, scope, value, present)) return false;
  if (present && value.kind != ValueKind::Integer)
    return fail_execution(step, "An argument must be an integer.");
  if (present) out = value.integer;
  return true;
}

}  // namespace fhir::path
