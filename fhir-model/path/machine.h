#pragma once
// The evaluator's inside: one evaluation on a stack of values.

#include <vector>

#include "fhir-model/path/evaluator.h"
#include "fhir-model/path/program_data.h"
#include "fhir-model/path/scratch.h"

namespace fhir::path {

// A run of values on the stack.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
};

// What $this, $index and $total mean.
struct Scope {
  Value item = {};
  bool present = false;  // $this holds an item
  std::int64_t index = -1;
  Range total = {};
};

// Functions named eval_… push their result on the stack (eval_bool: into `out`) and return false after an
// error; then failure() has it and the stack's top is meaningless. Collections of operands lie on the stack
// below their results and are removed by the caller with keep_from().
class Machine {
 public:
  explicit Machine(const EvaluationLimits& limits);

  void start(const Program& program, const EvaluationInput& input);
  bool run();  // the program's result is items()
  bool run_boolean(Truth& out);
  std::span<const Value> items() const { return stack_; }
  const ExpressionError& failure() const { return failure_; }

 private:
  friend class UniqueItems;
  struct Variable {
    std::string_view name;
    Range values;  // in variable_values_
  };

  // machine.cpp: dispatch
  bool eval(std::uint32_t step, const Scope& scope);
  bool eval_argument(std::uint32_t step, const Scope& scope);  // eval() in a variable scope of its own
  bool eval_bool(std::uint32_t step, const Scope& scope, Truth& out);
  bool eval_focus(const Step& step, const Scope& scope);
  bool eval_logic(const Step& step, const Scope& scope, Truth& out);
  bool eval_variable(const Step& step);
  bool eval_item(const Step& step, const Scope& scope);
  bool eval_sign(const Step& step, const Scope& scope);
  bool single_truth(const Step& step, Range range, Truth& out);
  bool push_truth(Truth truth);

  // machine_tree.cpp: elements
  bool push_members(const Step& step, const Value& item);
  bool push_choice(const Step& step, const Value& item);
  bool push_child(const Node* value, const Node* extension, TypeId type);
  bool push_element(const Node* value, const Node* extension, TypeId type);
  bool push_children(const Value& item);
  bool push_member_node(const Value& item, const Node& child);
  bool push_system_member(const Step& step, const Value& item);
  bool has_member(const Step& step, const Value& item);
  bool eval_type_root(const Step& step, const Scope& scope);
  bool eval_descendants(std::size_t mark);
  const Node* extension_list(const Value& item) const;

  // machine_types.cpp: is, as, ofType, type
  bool eval_is(const Step& step, const Scope& scope, Truth& out);
  bool eval_as(const Step& step, const Scope& scope, bool filter);
  bool is_of_type(const Value& item, const TypeName& type, bool exact_primitive) const;
  bool eval_type(std::size_t mark);

  // machine_compare.cpp
  Truth equal(const Value& a, const Value& b);
  Truth equal_system(const Value& a, const Value& b);
  bool equivalent(const Value& a, const Value& b);
  bool equivalent_system(const Value& a, const Value& b);
  Truth equal_quantities(const QuantityValue& a, const QuantityValue& b);
  bool equivalent_quantities(const QuantityValue& a, const QuantityValue& b);
  bool equivalent_collections(Range left, Range right);
  bool eval_equality(const Step& step, const Scope& scope, Truth& out);
  bool eval_order(const Step& step, const Scope& scope, Truth& out);
  bool order(const Step& step, const Value& a, const Value& b, TemporalOrder& out);  // of system values
  bool eval_membership(const Step& step, const Scope& scope, Truth& out);
  bool same_nodes(const Node& a, const Node& b, bool loosely);
  bool same_objects(const Node& a, const Node& b, bool loosely);
  bool same_arrays(const Node& a, const Node& b, bool loosely);
  std::size_t hash(const Value& item);

  // machine_convert.cpp: FHIR elements and system values
  bool to_system(const Value& item, Value& out);  // false: no system value (also after an error)
  bool node_to_system(const Value& item, SystemType type, Value& out);
  bool quantity_of(const Value& item, Value& out);
  bool as_decimal(const Value& item, Decimal& out) const;
  bool as_quantity(const Value& item, QuantityValue& out) const;
  bool convert_to(const Value& item, SystemType type, Value& out);
  bool convert_to_temporal(const Value& item, SystemType type, Value& out);
  bool convert_to_number(const Value& item, SystemType type, Value& out);
  bool string_to_quantity(std::string_view text, Value& out);
  bool text_of(const Value& item, std::string_view& out);  // as toString()
  bool eval_conversion(const Step& step, Range range, const Scope& scope);

  // machine_arithmetic.cpp
  bool eval_arithmetic(const Step& step, const Scope& scope);
  bool add_values(const Step& step, const Value& a, const Value& b);
  bool add_to_temporal(const Step& step, const Value& a, const Value& b);
  bool add_quantities(const Step& step, const QuantityValue& a, const QuantityValue& b);
  bool multiply_values(const Step& step, const Value& a, const Value& b);
  bool multiply_quantities(const Step& step, const QuantityValue& a, const QuantityValue& b);
  bool eval_concatenate(const Step& step, const Scope& scope);
  bool eval_math(const Step& step, Range range, const Scope& scope);
  bool math_of(const Step& step, const Decimal& value, bool was_integer, const Value* argument);
  bool eval_boundary(const Step& step, Range range, const Scope& scope);
  bool push_decimal_boundary(const Decimal& value, int digits, bool high, const QuantityValue* quantity);
  bool push_integer_or_decimal(const Decimal& value, bool integer);
  bool eval_precision(Range range);
  bool eval_comparable(const Step& step, Range range, const Scope& scope);

  // machine_functions.cpp, machine_collections.cpp
  bool eval_call(const Step& step, const Scope& scope);
  bool eval_simple(const Step& step, const Scope& scope, std::size_t mark);
  bool call_bool(const Step& step, const Scope& scope, Truth& out);
  static bool gives_truth(Function function);
  bool eval_exists(const Step& step, const Scope& scope, bool& out);
  bool eval_all(const Step& step, const Scope& scope, Truth& out);
  bool eval_all_any(const Step& step, Range range, Truth& out);
  bool eval_subset(const Step& step, Range range, const Scope& scope, Truth& out);
  bool eval_where(const Step& step, const Scope& scope);
  bool eval_select(const Step& step, const Scope& scope);
  bool eval_repeat(const Step& step, const Scope& scope);
  bool eval_aggregate(const Step& step, const Scope& scope);
  bool eval_summary(const Step& step, Range range);
  bool eval_sort(const Step& step, const Scope& scope);
  bool eval_iif(const Step& step, const Scope& scope);
  bool eval_coalesce(const Step& step, const Scope& scope);
  bool eval_define_variable(const Step& step, const Scope& scope);
  bool eval_trace(const Step& step, const Scope& scope);
  bool eval_subsetting(const Step& step, Range range, const Scope& scope);
  bool eval_combining(const Step& step, const Scope& scope);
  bool eval_union(std::uint32_t left, std::uint32_t right, const Scope& scope);
  bool eval_distinct(std::size_t mark);

  // machine_strings.cpp, machine_codec.cpp
  bool eval_string(const Step& step, Range range, const Scope& scope);
  bool eval_matching(const Step& step, std::string_view text, const Scope& scope);
  bool replace_matches(const Step& step, std::string_view text, std::string_view pattern,
                       std::string_view substitution, std::string_view flags);
  bool string_search(const Step& step, std::string_view text, std::string_view argument);
  bool eval_substring(const Step& step, std::string_view text, const Scope& scope);
  bool eval_replace(const Step& step, std::string_view text, const Scope& scope);
  bool push_split(std::string_view text, std::string_view separator);
  bool eval_join(const Step& step, Range range, const Scope& scope);
  bool eval_codec(const Step& step, std::string_view text, std::string_view format);
  // The only argument string; `present` is false when the argument is empty.
  bool string_argument(const Step& step, std::size_t index, const Scope& scope, std::string_view& out,
                       bool& present);
  bool integer_argument(const Step& step, std::size_t index, const Scope& scope, std::int64_t& out,
                        bool& present);
  bool value_argument(const Step& step, std::size_t index, const Scope& scope, Value& out, bool& present);

  // machine_fhir.cpp
  bool eval_fhir(const Step& step, Range range, const Scope& scope);
  bool eval_extension(const Step& step, Range range, const Scope& scope);
  bool push_resolved(const Value& item);
  bool find_in_resource(std::string_view reference, Value& out);
  bool find_in_bundle(const Value& bundle, std::string_view reference, Value& out);
  bool eval_conforms(const Step& step, Range range, const Scope& scope);
  bool eval_member_of(const Step& step, Range range, const Scope& scope);
  Truth member_of(const Value& item, std::string_view value_set);
  bool has_value(const Value& item);

  // stack
  bool push(const Value& value) {
    if (stack_.size() >= limits_.items) return fail_limit("items");
    stack_.push_back(value);
    return charge(1);
  }
  bool push_text(std::string_view text);  // copied
  bool push_decimal(const Decimal& value);
  bool push_temporal(const Temporal& value);
  bool push_quantity(const Decimal& value, std::string_view unit,
                     bool is_calendar);  // unit is kept, not copied
  bool push_integer(std::int64_t value) { return push(Value::of_integer(value)); }
  bool push_boolean(bool value) { return push(Value::of_boolean(value)); }
  Range range_from(std::size_t mark) const { return {mark, stack_.size()}; }
  // Removes the operands [mark, from); what lies above moves down.
  void keep_from(std::size_t mark, std::size_t from) {
    stack_.erase(stack_.begin() + static_cast<std::ptrdiff_t>(mark),
                 stack_.begin() + static_cast<std::ptrdiff_t>(from));
  }
  bool charge(std::uint64_t count) {
    if (count <= budget_) {
      budget_ -= count;
      return true;
    }
    return fail_limit("steps");
  }
  bool fail(const Step& step, ExpressionError::Kind kind, std::string message);
  bool fail_execution(const Step& step, std::string message) {
    return fail(step, ExpressionError::Kind::Execution, std::move(message));
  }
  bool fail_limit(std::string_view limit);
  bool failed() const { return failed_; }

  EvaluationLimits limits_;
  const ProgramData* program_ = nullptr;
  const Definitions* definitions_ = nullptr;
  EvaluationInput input_;
  std::vector<Value> stack_;
  std::vector<Variable> variables_;
  std::vector<Value> variable_values_;
  Scratch scratch_;
  std::uint64_t budget_ = 0;
  std::uint32_t current_ = kNoStep;  // step being evaluated, for errors without one
  bool failed_ = false;
  ExpressionError failure_;
  std::optional<Temporal> now_;
};

}  // namespace fhir::path
