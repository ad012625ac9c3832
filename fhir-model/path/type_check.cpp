// What the definitions can tell about an expression before it runs.
#include <algorithm>
#include <array>

#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/path/lexer.h"
#include "fhir-model/path/program_data.h"

namespace fhir::path {
namespace {

// The types that an expression's items can have. `any`: nothing is known.
struct StaticType {
  std::vector<TypeName> types;
  bool any = false;
  bool ordered = true;

  static StaticType unknown() {
    StaticType type;
    type.any = true;
    return type;
  }
  static StaticType of(SystemType system) {
    StaticType type;
    type.types.push_back({kNoType, system});
    return type;
  }
  static StaticType of(TypeId fhir) {
    StaticType type;
    type.types.push_back({fhir, SystemType::None});
    return type;
  }
  void add(const TypeName& name) {
    const auto same = [&](const TypeName& t) { return t.fhir == name.fhir && t.system == name.system; };
    if (std::none_of(types.begin(), types.end(), same)) types.push_back(name);
  }
  void add(const StaticType& other) {
    any = any || other.any;
    ordered = ordered && other.ordered;
    for (const TypeName& type : other.types) add(type);
  }
};

SystemType system_of(const TypeName& type) {
  return type.system != SystemType::None ? type.system : system_type_of(type.fhir);
}

// May an item be of one of these?
bool may_be(const StaticType& type, std::initializer_list<SystemType> wanted) {
  if (type.any || type.types.empty()) return true;
  return std::any_of(type.types.begin(), type.types.end(), [&](const TypeName& name) {
    return std::find(wanted.begin(), wanted.end(), system_of(name)) != wanted.end();
  });
}

struct Context {
  StaticType item;  // $this
  StaticType root;  // %context
};

class TypeChecker {
 public:
  TypeChecker(const ProgramData& program, const CompileOptions& options)
      : program_(program), definitions_(*program.definitions), check_order_(options.check_order) {}

  Expected<StaticType> infer(std::uint32_t index, const Context& context);

 private:
  using Inferred = Expected<StaticType>;
  // Nested repeat() multiplies the work; beyond this nothing more is checked.
  static constexpr int kMaxWork = 100'000;

  Inferred focus(const Step& step, const Context& context) {
    return step.focus == kNoStep ? Inferred(context.item) : infer(step.focus, context);
  }
  Inferred type_root(const Step& step, const Context& context);
  Inferred member(const Step& step, const StaticType& input);
  bool add_member(const Step& step, const TypeName& owner, StaticType& out) const;
  Inferred literal(const Step& step) const;
  Inferred variable(const Step& step, const Context& context) const;
  Inferred operation(const Step& step, const Context& context);
  Inferred call(const Step& step, const Context& context);
  Inferred lambda_call(const Step& step, const StaticType& input, const Context& context);
  Inferred repeat(const Step& step, const StaticType& input, const Context& context);
  Inferred iif(const Step& step, const StaticType& input, const Context& context);
  Inferred result_of(const Step& step, const StaticType& input, const std::vector<StaticType>& arguments);
  Inferred narrowed(const Step& step) const;
  tl::unexpected<ExpressionError> fail(const Step& step, std::string message) const {
    return tl::unexpected(
        error_at(program_.expression, step.offset, ExpressionError::Kind::Semantic, std::move(message)));
  }

  const ProgramData& program_;
  const Definitions& definitions_;
  bool check_order_;
  int work_ = 0;
};

Expected<StaticType> TypeChecker::infer(std::uint32_t index, const Context& context) {
  if (++work_ > kMaxWork) return StaticType::unknown();
  const Step& step = program_.steps[index];
  switch (step.op) {
    case Op::Literal:
      return literal(step);
    case Op::EmptySet:
      return StaticType();
    case Op::This:
      return context.item;
    case Op::Index:
      return StaticType::of(SystemType::Integer);
    case Op::Total:
      return StaticType::unknown();
    case Op::Variable:
      return variable(step, context);
    case Op::TypeRoot:
      return type_root(step, context);
    case Op::Member: {
      auto input = focus(step, context);
      return input ? member(step, *input) : input;
    }
    case Op::Call:
      return call(step, context);
    default:
      return operation(step, context);
  }
}

Expected<StaticType> TypeChecker::literal(const Step& step) const {
  constexpr std::array<SystemType, 9> kTypes = {
      SystemType::None, SystemType::Boolean,  SystemType::String, SystemType::Integer, SystemType::Decimal,
      SystemType::Date, SystemType::DateTime, SystemType::Time,   SystemType::Quantity};
  return StaticType::of(kTypes[static_cast<std::size_t>(program_.literals[step.data].kind)]);
}

Expected<StaticType> TypeChecker::variable(const Step& step, const Context& context) const {
  const std::string_view name = program_.names[step.data];
  if (name == "context") return context.root;
  const bool text = name == "sct" || name == "loinc" || name == "ucum" || name.starts_with("vs-") ||
                    name.starts_with("ext-");
  return text ? StaticType::of(SystemType::String) : StaticType::unknown();
}

Expected<StaticType> TypeChecker::type_root(const Step& step, const Context& context) {
  if (context.item.any) return StaticType::of(step.type.fhir);
  StaticType result;
  for (const TypeName& type : context.item.types) {
    if (definitions_.is_a(type.fhir, step.type.fhir)) {
      result.add(type);
    } else if (definitions_.is_a(step.type.fhir, type.fhir)) {
      result.add(step.type);
    }
  }
  if (result.types.empty()) {
    return fail(
        step, "The expression starts at " + program_.names[step.data] + ", which is not what it is used on.");
  }
  return result;
}

bool TypeChecker::add_member(const Step& step, const TypeName& owner, StaticType& out) const {
  if (owner.fhir == kNoType) {
    out.any = true;
    const std::string_view name = program_.names[step.data];
    return owner.system == SystemType::Quantity && (name == "value" || name == "unit" || name == "code");
  }
  const Type& type = definitions_.type(owner.fhir);
  if (type.kind == TypeKind::Resource && type.is_abstract) {
    out.any = true;  // any resource may stand here
    return true;
  }
  for (const ChoiceElement& choice : step.choices) {
    if (choice.type != type.id) continue;
    for (const TypeChoice& one : choice.element->types) out.add(TypeName{one.type, SystemType::None});
    return true;
  }
  const Type& holder = type.is_primitive() ? definitions_.type(type_ids::kElement) : type;
  const MemberMatch match = find_member(holder, step.atom);
  if (!match || match.element->is_choice) return false;
  out.add(TypeName{match.choice->type, SystemType::None});
  return true;
}

Expected<StaticType> TypeChecker::member(const Step& step, const StaticType& input) {
  if (input.any || input.types.empty()) return StaticType::unknown();
  StaticType result;
  bool found = false;
  for (const TypeName& type : input.types) found = add_member(step, type, result) || found;
  if (!found) {
    const TypeName& owner = input.types.front();
    const std::string_view name =
        owner.fhir != kNoType ? definitions_.type(owner.fhir).name.view() : system_type_name(owner.system);
    return fail(step, std::string(name) + " has no element " + program_.names[step.data] + ".");
  }
  result.ordered = input.ordered;
  return result;
}

Expected<StaticType> TypeChecker::narrowed(const Step& step) const {
  StaticType result;
  if (step.type.fhir != kNoType) result.add(TypeName{step.type.fhir, SystemType::None});
  if (step.type.system != SystemType::None) result.add(TypeName{kNoType, step.type.system});
  return result;
}

Expected<StaticType> TypeChecker::operation(const Step& step, const Context& context) {
  auto left = focus(step, context);
  if (!left) return left;
  std::vector<StaticType> operands = {*left};
  for (std::size_t i = 0; i < step.argument_count; ++i) {
    auto operand = infer(program_.argument(step, i), context);
    if (!operand) return operand;
    operands.push_back(std::move(*operand));
  }
  const auto numbers = {SystemType::Integer, SystemType::Decimal};
  const auto moments = {SystemType::Date, SystemType::DateTime, SystemType::Time};
  switch (step.op) {
    case Op::Item:
      return *left;
    case Op::As:
      return narrowed(step);
    case Op::Negate:
    case Op::Positive:
      return *left;
    case Op::Union:
      operands[0].add(operands[1]);
      return operands[0];
    case Op::Concatenate:
      return StaticType::of(SystemType::String);
    case Op::Add:
    case Op::Subtract: {
      const bool moment = !operands[0].any && !operands[0].types.empty() && may_be(operands[0], moments) &&
                          !may_be(operands[0], numbers);
      if (moment && !operands[1].types.empty() && may_be(operands[1], numbers) &&
          !may_be(operands[1], {SystemType::Quantity})) {
        return fail(step, "A number cannot be added to a date or time; give it a unit: \"7 days\".");
      }
      return moment ? operands[0] : StaticType::unknown();
    }
    case Op::Multiply:
    case Op::Divide:
    case Op::Div:
    case Op::Mod:
      return StaticType::unknown();
    default:
      return StaticType::of(SystemType::Boolean);
  }
}

Expected<StaticType> TypeChecker::call(const Step& step, const Context& context) {
  auto input = focus(step, context);
  if (!input) return input;
  const FunctionInfo& info = function_info(step.function);
  if (info.input == InputKind::String && !may_be(*input, {SystemType::String})) {
    return fail(step, std::string(info.name) + "() takes a string, which the input never is.");
  }
  if (info.input == InputKind::Number &&
      !may_be(*input, {SystemType::Integer, SystemType::Decimal, SystemType::Quantity})) {
    return fail(step, std::string(info.name) + "() takes a number, which the input never is.");
  }
  if (check_order_ && info.needs_order && !input->ordered) {
    return fail(step, std::string(info.name) + "() depends on an order that the input does not have.");
  }
  if (info.arguments == ArgumentKind::Lambda) return lambda_call(step, *input, context);
  std::vector<StaticType> arguments;
  for (std::size_t i = 0; i < step.argument_count; ++i) {
    auto argument = infer(program_.argument(step, i), context);
    if (!argument) return argument;
    arguments.push_back(std::move(*argument));
  }
  return result_of(step, *input, arguments);
}

Expected<StaticType> TypeChecker::lambda_call(const Step& step, const StaticType& input,
                                              const Context& context) {
  if (step.function == Function::Repeat) return repeat(step, input, context);
  if (step.function == Function::Iif) return iif(step, input, context);
  const bool named = step.function == Function::Trace || step.function == Function::DefineVariable;
  const Context inner{input, context.root};
  std::vector<StaticType> arguments;
  for (std::size_t i = 0; i < step.argument_count; ++i) {
    const bool outer = (named && i == 0) || (step.function == Function::Aggregate && i == 1);
    auto argument = infer(program_.argument(step, i), outer ? context : inner);
    if (!argument) return argument;
    arguments.push_back(std::move(*argument));
  }
  return result_of(step, input, arguments);
}

// The items found are searched again: their types join the input's until nothing new comes.
Expected<StaticType> TypeChecker::repeat(const Step& step, const StaticType& input, const Context& context) {
  constexpr int kRounds = 8;
  StaticType result;
  StaticType next = input;
  for (int round = 0; round < kRounds; ++round) {
    auto found = infer(program_.argument(step, 0), Context{next, context.root});
    if (!found && round == 0) return found;
    if (!found) return StaticType::unknown();
    const std::size_t before = result.types.size();
    result.add(*found);
    if (result.any || result.types.size() == before) break;
    next = *found;
  }
  return result;
}

Expected<StaticType> TypeChecker::iif(const Step& step, const StaticType& input, const Context& context) {
  const Context inner{input, context.root};
  auto condition = infer(program_.argument(step, 0), inner);
  if (!condition) return condition;
  if (!may_be(*condition, {SystemType::Boolean})) {
    return fail(step, "The condition of iif() must be a boolean, which this never is.");
  }
  StaticType result;
  for (std::size_t i = 1; i < step.argument_count; ++i) {
    auto branch = infer(program_.argument(step, i), inner);
    if (!branch) return branch;
    result.add(*branch);
  }
  return result;
}

Expected<StaticType> TypeChecker::result_of(const Step& step, const StaticType& input,
                                            const std::vector<StaticType>& arguments) {
  switch (step.function) {
    case Function::OfType:
    case Function::As:
      return narrowed(step);
    case Function::Select:
      return arguments[0];
    case Function::Union:
    case Function::Combine: {
      StaticType both = input;
      both.add(arguments[0]);
      return both;
    }
    case Function::Extension:
      return StaticType::of(type_ids::kExtension);
    case Function::Children:
    case Function::Descendants: {
      StaticType result = StaticType::unknown();
      result.ordered = false;
      return result;
    }
    default:
      break;
  }
  constexpr std::array<SystemType, 10> kResults = {
      SystemType::None,    SystemType::None, SystemType::Boolean,  SystemType::Integer, SystemType::String,
      SystemType::Decimal, SystemType::Date, SystemType::DateTime, SystemType::Time,    SystemType::Quantity};
  const ResultKind kind = function_info(step.function).result;
  if (kind == ResultKind::Same) return input;
  if (kind == ResultKind::Unknown) return StaticType::unknown();
  return StaticType::of(kResults[static_cast<std::size_t>(kind)]);
}

}  // namespace

Expected<void> check_types(const ProgramData& program, const CompileOptions& options) {
  const StaticType start =
      options.context == kNoType ? StaticType::unknown() : StaticType::of(options.context);
  const auto result = TypeChecker(program, options).infer(program.root, Context{start, start});
  if (!result) return tl::unexpected(result.error());
  return {};
}

}  // namespace fhir::path
