// Filtering, projection, subsetting and combining of collections.
#include <algorithm>

#include "fhir-model/path/unique_items.h"

namespace fhir::path {

bool Machine::eval_where(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  if (!eval_focus(step, scope)) return false;
  const std::size_t end = stack_.size();
  Scope item_scope = scope;
  item_scope.present = true;
  std::size_t kept = mark;
  for (std::size_t i = mark; i < end; ++i) {
    item_scope.item = stack_[i];
    item_scope.index = static_cast<std::int64_t>(i - mark);
    Truth fits = Truth::Empty;
    if (!eval_bool(program_->argument(step, 0), item_scope, fits)) return false;
    if (fits == Truth::True) stack_[kept++] = item_scope.item;
  }
  stack_.resize(kept);
  return true;
}

bool Machine::eval_select(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  if (!eval_focus(step, scope)) return false;
  const std::size_t end = stack_.size();
  Scope item_scope = scope;
  item_scope.present = true;
  for (std::size_t i = mark; i < end; ++i) {
    item_scope.item = stack_[i];
    item_scope.index = static_cast<std::int64_t>(i - mark);
    if (!eval_argument(program_->argument(step, 0), item_scope)) return false;
  }
  keep_from(mark, end);
  return true;
}

// Items equal to one that was found before end their branch, so that repeat('x') and cycles stop.
bool Machine::eval_repeat(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  if (!eval_focus(step, scope)) return false;
  const std::size_t inputs = stack_.size();
  UniqueItems found(*this);
  Scope item_scope = scope;
  item_scope.present = true;
  for (std::size_t i = mark; i < stack_.size(); ++i) {
    item_scope.item = stack_[i];
    item_scope.index = static_cast<std::int64_t>(i - mark);
    const std::size_t before = stack_.size();
    if (!eval_argument(program_->argument(step, 0), item_scope)) return false;
    std::size_t kept = before;
    for (std::size_t j = before; j < stack_.size(); ++j) {
      if (found.add(Value(stack_[j]))) stack_[kept++] = stack_[j];
    }
    if (failed()) return false;
    stack_.resize(kept);
  }
  keep_from(mark, inputs);
  return true;
}

bool Machine::eval_aggregate(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  if (!eval_focus(step, scope)) return false;
  const std::size_t end = stack_.size();
  if (step.argument_count == 2 && !eval_argument(program_->argument(step, 1), scope)) return false;
  Scope item_scope = scope;
  item_scope.present = true;
  item_scope.total = range_from(end);
  for (std::size_t i = mark; i < end; ++i) {
    item_scope.item = stack_[i];
    item_scope.index = static_cast<std::int64_t>(i - mark);
    const std::size_t before = stack_.size();
    if (!eval_argument(program_->argument(step, 0), item_scope)) return false;
    keep_from(end, before);
    item_scope.total = range_from(end);
  }
  keep_from(mark, end);
  return true;
}

bool Machine::eval_iif(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  Scope inner = scope;
  if (step.focus != kNoStep) {
    if (!eval(step.focus, scope)) return false;
    const Range range = range_from(mark);
    if (range.size() > 1) return fail_execution(step, "iif() takes one item as its input, not several.");
    inner.present = range.size() == 1;
    if (inner.present) inner.item = stack_[mark];
    stack_.resize(mark);
  }
  if (!eval_argument(program_->argument(step, 0), inner)) return false;
  const Range criterion = range_from(mark);
  Value condition;
  const bool known = criterion.size() == 1 && to_system(stack_[mark], condition);
  if (failed()) return false;
  if (criterion.size() > 1 || (criterion.size() == 1 && (!known || condition.kind != ValueKind::Boolean))) {
    return fail_execution(step, "The condition of iif() must be a single boolean.");
  }
  stack_.resize(mark);
  if (known && condition.boolean) return eval_argument(program_->argument(step, 1), inner);
  return step.argument_count < 3 || eval_argument(program_->argument(step, 2), inner);
}

bool Machine::eval_coalesce(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  for (std::size_t i = 0; i < step.argument_count && stack_.size() == mark; ++i) {
    if (!eval_argument(program_->argument(step, i), scope)) return false;
  }
  return true;
}

bool Machine::eval_define_variable(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  std::string_view name;
  bool present = false;
  if (!eval_focus(step, scope) || !string_argument(step, 0, scope, name, present)) return false;
  if (!present) return fail_execution(step, "defineVariable() needs a name.");
  const bool taken = std::any_of(variables_.begin(), variables_.end(),
                                 [name](const Variable& variable) { return variable.name == name; });
  if (taken || name == "context" || name == "resource" || name == "rootResource" || name == "ucum" ||
      name == "sct" || name == "loinc") {
    return fail_execution(step, "The variable has a value already.");
  }
  const std::size_t end = stack_.size();
  Scope item_scope = scope;
  for (std::size_t i = mark; i < end && step.argument_count == 2; ++i) {
    item_scope.present = true;
    item_scope.item = stack_[i];
    if (!eval_argument(program_->argument(step, 1), item_scope)) return false;
  }
  const std::size_t first = variable_values_.size();
  const std::size_t from = step.argument_count == 2 ? end : mark;
  variable_values_.insert(variable_values_.end(), stack_.begin() + static_cast<std::ptrdiff_t>(from),
                          stack_.end());
  variables_.push_back({name, {first, variable_values_.size()}});
  stack_.resize(end);
  return variable_values_.size() <= limits_.items || fail_limit("items");
}

bool Machine::eval_trace(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  std::string_view name;
  bool present = false;
  if (!eval_focus(step, scope) || !string_argument(step, 0, scope, name, present)) return false;
  if (input_.services == nullptr) return true;
  const std::size_t end = stack_.size();
  Scope item_scope = scope;
  item_scope.present = true;
  for (std::size_t i = mark; i < end && step.argument_count == 2; ++i) {
    item_scope.item = stack_[i];
    if (!eval_argument(program_->argument(step, 1), item_scope)) return false;
  }
  const std::size_t from = step.argument_count == 2 ? end : mark;
  input_.services->trace(name, std::span<const Value>(stack_).subspan(from));
  stack_.resize(end);
  return true;
}

bool Machine::eval_subsetting(const Step& step, Range range, const Scope& scope) {
  std::int64_t count = 1;
  bool present = true;
  if (step.argument_count == 1 && !integer_argument(step, 0, scope, count, present)) return false;
  const auto size = static_cast<std::int64_t>(range.size());
  std::int64_t first = 0, last = size;  // kept: [first, last)
  switch (step.function) {
    case Function::Single:
      if (size > 1) return fail_execution(step, "single() was given several items.");
      break;
    case Function::First:
      last = std::min<std::int64_t>(1, size);
      break;
    case Function::Last:
      first = std::max<std::int64_t>(0, size - 1);
      break;
    case Function::Take:
      last = present ? std::clamp<std::int64_t>(count, 0, size) : 0;
      break;
    default:  // tail, skip
      first = present ? std::clamp<std::int64_t>(count, 0, size) : 0;
      break;
  }
  stack_.resize(range.begin + static_cast<std::size_t>(last));
  keep_from(range.begin, range.begin + static_cast<std::size_t>(first));
  return true;
}

bool Machine::eval_distinct(std::size_t mark) {
  if (range_from(mark).size() < 2) return true;
  UniqueItems seen(*this);
  std::size_t kept = mark;
  for (std::size_t i = mark; i < stack_.size(); ++i) {
    if (seen.add(Value(stack_[i]))) stack_[kept++] = stack_[i];
    if (failed()) return false;
  }
  stack_.resize(kept);
  return true;
}

bool Machine::eval_union(std::uint32_t left, std::uint32_t right, const Scope& scope) {
  const std::size_t mark = stack_.size();
  if (!eval_argument(left, scope) || !eval_argument(right, scope)) return false;
  return eval_distinct(mark);
}

bool Machine::eval_combining(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  if (!eval_focus(step, scope)) return false;
  const std::size_t end = stack_.size();
  if (!eval_argument(program_->argument(step, 0), scope)) return false;
  if (step.function == Function::Combine) return true;
  if (step.function == Function::Union) return eval_distinct(mark);
  UniqueItems others(*this);
  for (std::size_t i = end; i < stack_.size(); ++i) others.add(Value(stack_[i]));
  const bool intersect = step.function == Function::Intersect;
  std::size_t kept = mark;
  for (std::size_t i = mark; i < end && !failed(); ++i) {
    if (others.contains(Value(stack_[i])) == intersect) stack_[kept++] = stack_[i];
  }
  if (failed()) return false;
  stack_.resize(kept);
  return !intersect || eval_distinct(mark);
}

bool Machine::eval_subset(const Step& step, Range range, const Scope& scope, Truth& out) {
  if (!eval_argument(program_->argument(step, 0), scope)) return false;
  Range part = range, whole = range_from(range.end);
  if (step.function == Function::SupersetOf) std::swap(part, whole);
  UniqueItems all(*this);
  for (std::size_t i = whole.begin; i < whole.end; ++i) all.add(Value(stack_[i]));
  out = Truth::True;
  for (std::size_t i = part.begin; i < part.end && out == Truth::True; ++i) {
    if (!all.contains(Value(stack_[i]))) out = Truth::False;
  }
  return !failed();
}

}  // namespace fhir::path
