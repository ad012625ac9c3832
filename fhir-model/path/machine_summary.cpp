// sort(), sum(), min(), max(), avg().
#include <algorithm>

#include "fhir-model/path/machine.h"

namespace fhir::path {
namespace {

struct SortItem {
  Value item;
  std::vector<std::optional<Value>> keys;
};

}  // namespace

bool Machine::eval_sort(const Step& step, const Scope& scope) {
  const std::size_t mark = stack_.size();
  if (!eval_focus(step, scope)) return false;
  const std::size_t end = stack_.size();
  std::vector<SortItem> items;
  Scope item_scope = scope;
  item_scope.present = true;
  for (std::size_t i = mark; i < end; ++i) {
    SortItem entry{stack_[i], {}};
    item_scope.item = stack_[i];
    item_scope.index = static_cast<std::int64_t>(i - mark);
    for (std::size_t k = 0; k < std::max<std::size_t>(step.argument_count, 1); ++k) {
      Value key;
      bool present = true;
      const bool done = step.argument_count != 0 ? value_argument(step, k, item_scope, key, present)
                                                 : to_system(entry.item, key);
      if (!done) return fail_execution(step, "sort() needs simple values as keys.");
      entry.keys.push_back(present ? std::optional(key) : std::nullopt);
    }
    items.push_back(std::move(entry));
  }
  const auto before = [&](const SortItem& a, const SortItem& b) {
    for (std::size_t k = 0; k < a.keys.size() && charge(1); ++k) {
      const bool descending =
          step.argument_count != 0 && program_->steps[program_->argument(step, k)].descending;
      TemporalOrder result = TemporalOrder::Equal;
      if (a.keys[k] && b.keys[k] && !order(step, *a.keys[k], *b.keys[k], result)) return false;
      // Items without a key come first in either direction (published cases).
      if (a.keys[k].has_value() != b.keys[k].has_value()) return !a.keys[k].has_value();
      if (result == TemporalOrder::Less) return !descending;
      if (result == TemporalOrder::Greater) return descending;
    }
    return false;
  };
  std::stable_sort(items.begin(), items.end(), before);
  if (failed()) return false;
  for (std::size_t i = 0; i < items.size(); ++i) stack_[mark + i] = items[i].item;
  return true;
}

bool Machine::eval_summary(const Step& step, Range range) {
  if (range.size() == 0) return true;
  Value best;
  QuantityValue sum;
  bool integers = true;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    Value item;
    const bool known = to_system(Value(stack_[i]), item);
    if (failed()) return false;
    if (!known) return fail_execution(step, "sum(), min(), max() and avg() take simple values.");
    integers = integers && item.kind == ValueKind::Integer;
    if (step.function == Function::Min || step.function == Function::Max) {
      TemporalOrder result = TemporalOrder::Equal;
      if (i != range.begin && !order(step, item, best, result)) return false;
      const bool better =
          result == (step.function == Function::Min ? TemporalOrder::Less : TemporalOrder::Greater);
      if (i == range.begin || better) best = item;
      continue;
    }
    QuantityValue value;
    if (!as_quantity(item, value))
      return fail_execution(step, "sum() and avg() take numbers and quantities.");
    if (i != range.begin && value.unit != sum.unit) {
      return fail_execution(step, "sum() and avg() take quantities of one unit.");
    }
    sum = {i == range.begin ? value.value : sum.value + value.value, value.unit, value.is_calendar};
    best = item;
  }
  const auto count = Decimal::from_integer(static_cast<std::int64_t>(range.size()));
  stack_.resize(range.begin);
  if (step.function == Function::Min || step.function == Function::Max) return push(best);
  if (step.function == Function::Avg) sum.value = Decimal::divide(sum.value, count).value_or(Decimal());
  if (best.kind == ValueKind::Quantity) return push_quantity(sum.value, sum.unit, sum.is_calendar);
  return push_integer_or_decimal(sum.value, integers && step.function == Function::Sum);
}

}  // namespace fhir::path
