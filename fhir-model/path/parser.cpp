#include "fhir-model/path/parser.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace fhir::path {
namespace {

struct BinaryOperator {
  std::string_view text;
  int level;  // higher binds tighter
  Op op;
};
// FHIRPath 2.0 §8 "Operator precedence". Words and symbols share the table.
constexpr std::array<BinaryOperator, 25> kOperators = {{
    {"implies", 1, Op::Implies}, {"or", 2, Op::Or},
    {"xor", 2, Op::Xor},         {"and", 3, Op::And},
    {"in", 4, Op::In},           {"contains", 4, Op::Contains},
    {"=", 5, Op::Equal},         {"~", 5, Op::Equivalent},
    {"!=", 5, Op::NotEqual},     {"!~", 5, Op::NotEquivalent},
    {"<", 6, Op::Less},          {"<=", 6, Op::LessOrEqual},
    {">", 6, Op::Greater},       {">=", 6, Op::GreaterOrEqual},
    {"|", 7, Op::Union},         {"is", 8, Op::Is},
    {"as", 8, Op::As},           {"+", 9, Op::Add},
    {"-", 9, Op::Subtract},      {"&", 9, Op::Concatenate},
    {"*", 10, Op::Multiply},     {"/", 10, Op::Divide},
    {"div", 10, Op::Div},        {"mod", 10, Op::Mod},
    {"", 0, Op::EmptySet},
}};

const BinaryOperator* operator_of(const Token& token) {
  const bool word = token.kind == TokenKind::Identifier && !token.delimited;
  if (!word && token.kind != TokenKind::Symbol) return nullptr;
  for (const BinaryOperator& op : kOperators) {
    if (op.text == token.text && !op.text.empty()) return &op;
  }
  return nullptr;
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

}  // namespace

Parser::Parser(const Definitions& definitions, std::string_view text, const CompileOptions& options)
    : options_(options), lexer_(text), program_(std::make_unique<ProgramData>()) {
  program_->definitions = &definitions;
  program_->expression = text;
  program_->as_filters = options.as_filters;
}

tl::unexpected<ExpressionError> Parser::fail(ExpressionError::Kind kind, std::uint32_t offset,
                                             std::string message) const {
  return tl::unexpected(error_at(program_->expression, offset, kind, std::move(message)));
}

tl::unexpected<ExpressionError> Parser::fail_here(std::string_view expected) const {
  const std::string found =
      token_.kind == TokenKind::End ? "the expression ends" : "there is \"" + token_.text + "\"";
  return fail(ExpressionError::Kind::Syntax, token_.offset,
              std::string(expected) + " is needed here, but " + found + ".");
}

Expected<void> Parser::advance() {
  auto token = lexer_.next();
  if (!token) return tl::unexpected(token.error());
  token_ = std::move(*token);
  return {};
}

Expected<void> Parser::expect(std::string_view symbol) {
  if (!token_.is_symbol(symbol)) return fail_here("\"" + std::string(symbol) + "\"");
  return advance();
}

Expected<std::unique_ptr<ProgramData>> Parser::parse() {
  if (program_->expression.size() > options_.max_length) {
    return fail(
        ExpressionError::Kind::Limit, 0,
        "The expression is longer than the limit of " + std::to_string(options_.max_length) + " bytes.");
  }
  if (auto first = advance(); !first) return tl::unexpected(first.error());
  auto root = expression(1);
  if (!root) return tl::unexpected(root.error());
  if (token_.kind != TokenKind::End) return fail_here("The end of the expression or an operator");
  program_->root = *root;
  for (const Step& step : program_->steps) {
    if (step.op != Op::Variable || is_known_constant(program_->names[step.data])) continue;
    return fail(ExpressionError::Kind::Semantic, step.offset,
                "There is no environment variable %" + program_->names[step.data] + ".");
  }
  return std::move(program_);
}

bool Parser::is_known_constant(std::string_view name) const {
  constexpr std::array<std::string_view, 6> kFixed = {"context", "resource", "rootResource",
                                                      "sct",     "loinc",    "ucum"};
  return std::find(kFixed.begin(), kFixed.end(), name) != kFixed.end() || name.starts_with("vs-") ||
         name.starts_with("ext-") || std::find(defined_.begin(), defined_.end(), name) != defined_.end() ||
         std::find(options_.variables.begin(), options_.variables.end(), name) != options_.variables.end();
}

Parser::StepResult Parser::add(Step step) {
  int height = height_of(step.focus);
  for (std::size_t i = 0; i < step.argument_count; ++i) {
    height = std::max(height, height_of(program_->argument(step, i)));
  }
  if (static_cast<std::size_t>(height) >= options_.max_depth) {
    return fail(ExpressionError::Kind::Limit, step.offset,
                "The expression nests deeper than the limit of " + std::to_string(options_.max_depth) + ".");
  }
  heights_.push_back(height + 1);
  program_->steps.push_back(step);
  return static_cast<std::uint32_t>(program_->steps.size() - 1);
}

Parser::StepResult Parser::add_literal(Value value, std::uint32_t offset) {
  Step step;
  step.op = Op::Literal;
  step.offset = offset;
  step.data = static_cast<std::uint32_t>(program_->literals.size());
  program_->literals.push_back(value);
  return add(step);
}

std::uint32_t Parser::add_name(std::string_view name) {
  program_->names.emplace_back(name);
  return static_cast<std::uint32_t>(program_->names.size() - 1);
}

Parser::StepResult Parser::expression(int level) {
  if (++depth_ > options_.max_depth) {
    return fail(ExpressionError::Kind::Limit, token_.offset,
                "The expression nests deeper than the limit of " + std::to_string(options_.max_depth) + ".");
  }
  StepResult left = unary();
  while (left) {
    const BinaryOperator* found = operator_of(token_);
    if (found == nullptr || found->level < level) break;
    left = found->op == Op::Is || found->op == Op::As ? type_operation(*left, found->op)
                                                      : binary(*left, found->level, found->op);
  }
  --depth_;
  return left;
}

Parser::StepResult Parser::binary(std::uint32_t left, int level, Op op) {
  Step step;
  step.op = op;
  step.offset = token_.offset;
  step.focus = left;
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  const StepResult right = expression(level + 1);
  if (!right) return right;
  step.argument_count = 1;
  step.first_argument = static_cast<std::uint32_t>(program_->arguments.size());
  program_->arguments.push_back(*right);
  return add(step);
}

Parser::StepResult Parser::type_operation(std::uint32_t left, Op op) {
  Step step;
  step.op = op;
  step.offset = token_.offset;
  step.focus = left;
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  const auto type = type_name();
  if (!type) return tl::unexpected(type.error());
  step.type = *type;
  return add(step);
}

Parser::StepResult Parser::unary() {
  const bool minus = token_.is_symbol("-");
  if (!minus && !token_.is_symbol("+")) return postfix();
  if (++depth_ > options_.max_depth) {
    return fail(ExpressionError::Kind::Limit, token_.offset,
                "The expression nests deeper than the limit of " + std::to_string(options_.max_depth) + ".");
  }
  Step step;
  step.op = minus ? Op::Negate : Op::Positive;
  step.offset = token_.offset;
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  const StepResult operand = unary();
  --depth_;
  if (!operand) return operand;
  step.focus = *operand;
  return add(step);
}

Parser::StepResult Parser::postfix() {
  StepResult left = term();
  while (left) {
    const std::uint32_t offset = token_.offset;
    if (token_.is_symbol(".")) {
      if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
      left = invocation(*left);
    } else if (token_.is_symbol("[")) {
      if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
      const StepResult index = expression(1);
      if (!index) return index;
      if (auto closed = expect("]"); !closed) return tl::unexpected(closed.error());
      Step step;
      step.op = Op::Item;
      step.offset = offset;
      step.focus = *left;
      step.argument_count = 1;
      step.first_argument = static_cast<std::uint32_t>(program_->arguments.size());
      program_->arguments.push_back(*index);
      left = add(step);
    } else {
      break;
    }
  }
  return left;
}

Parser::StepResult Parser::term() {
  const std::uint32_t offset = token_.offset;
  if (token_.is_symbol("(")) {
    if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    StepResult inner = expression(1);
    if (!inner) return inner;
    if (auto closed = expect(")"); !closed) return tl::unexpected(closed.error());
    return inner;
  }
  if (token_.is_symbol("{")) {
    if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    if (auto closed = expect("}"); !closed) return tl::unexpected(closed.error());
    Step step;
    step.offset = offset;
    return add(step);
  }
  switch (token_.kind) {
    case TokenKind::Number:
      return number();
    case TokenKind::Date:
    case TokenKind::DateTime:
    case TokenKind::Time:
      return temporal();
    case TokenKind::Constant:
      return constant();
    case TokenKind::String: {
      const std::string& text = program_->texts.emplace_back(std::move(token_.text));
      if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
      return add_literal(Value::of_string(text), offset);
    }
    default:
      break;
  }
  if (token_.is_word("true") || token_.is_word("false")) {
    const bool value = token_.text == "true";
    if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    return add_literal(Value::of_boolean(value), offset);
  }
  return invocation(kNoStep);
}

Parser::StepResult Parser::invocation(std::uint32_t focus) {
  if (token_.kind == TokenKind::Variable && focus == kNoStep) return variable();
  if (token_.kind != TokenKind::Identifier)
    return fail_here(focus == kNoStep ? "A value, name or function" : "A name");
  const Token name = std::move(token_);
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  return token_.is_symbol("(") ? call(name, focus) : identifier(name, focus);
}

Parser::StepResult Parser::identifier(const Token& name, std::uint32_t focus) {
  Step step;
  step.offset = name.offset;
  step.focus = focus;
  step.op = Op::Member;
  const Type* type = focus == kNoStep && !name.text.empty() && is_upper(name.text[0])
                         ? program_->definitions->find_type(name.text)
                         : nullptr;
  if (type != nullptr) {
    step.op = Op::TypeRoot;
    step.type.fhir = type->id;
  }
  step.atom = find_atom(name.text);
  step.choices = choice_elements(name.text);
  step.data = add_name(name.text);
  return add(step);
}

Parser::StepResult Parser::call(const Token& name, std::uint32_t focus) {
  const FunctionInfo* info = find_function(name.text);
  if (info == nullptr) {
    const std::string_view near = nearest_function(name.text);
    return fail(ExpressionError::Kind::Semantic, name.offset,
                "There is no function " + name.text + "()" +
                    (near.empty() ? std::string(".") : "; is " + std::string(near) + "() meant?"));
  }
  Step step;
  step.op = Op::Call;
  step.function = info->function;
  step.offset = name.offset;
  step.focus = focus;
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  if (auto done = arguments(*info, step); !done) return tl::unexpected(done.error());
  if (auto done = prepare_call(*info, step); !done) return tl::unexpected(done.error());
  return add(step);
}

Expected<void> Parser::arguments(const FunctionInfo& info, Step& step) {
  std::vector<std::uint32_t> list;
  std::size_t count = 0;
  while (!token_.is_symbol(")")) {
    if (count != 0) {
      if (auto comma = expect(","); !comma) return comma;
    }
    if (++count > info.max_arguments) break;
    if (info.arguments == ArgumentKind::TypeName) {
      const auto type = type_name();
      if (!type) return tl::unexpected(type.error());
      step.type = *type;
      continue;
    }
    const auto index = argument(info);
    if (!index) return tl::unexpected(index.error());
    list.push_back(*index);
  }
  if (count < info.min_arguments || count > info.max_arguments) {
    const std::string range =
        info.min_arguments == info.max_arguments
            ? std::to_string(info.min_arguments)
            : std::to_string(info.min_arguments) + " to " + std::to_string(info.max_arguments);
    return fail(ExpressionError::Kind::Semantic, step.offset,
                std::string(info.name) + "() takes " + range + " arguments.");
  }
  step.argument_count = static_cast<std::uint8_t>(list.size());
  step.first_argument = static_cast<std::uint32_t>(program_->arguments.size());
  program_->arguments.insert(program_->arguments.end(), list.begin(), list.end());
  return expect(")");
}

Expected<std::uint32_t> Parser::argument(const FunctionInfo& info) {
  auto index = expression(1);
  if (!index || info.function != Function::Sort) return index;
  Step& key = program_->steps[*index];
  if (key.op == Op::Negate) {  // sort(-family): descending, for texts too
    key.op = Op::Positive;
    key.descending = true;
  }
  const bool descending = token_.is_word("desc");
  if (!descending && !token_.is_word("asc")) return index;
  key.descending = descending;
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  return index;
}

Expected<void> Parser::prepare_call(const FunctionInfo& info, Step& step) {
  if (step.argument_count == 0) return {};
  const Step& first = program_->steps[program_->argument(step, 0)];
  const bool text = first.op == Op::Literal && program_->literals[first.data].kind == ValueKind::String;
  if (!text) return {};
  const std::string_view literal = program_->literals[first.data].string();
  if (info.function == Function::DefineVariable) defined_.emplace_back(literal);
  const bool pattern = info.function == Function::Matches || info.function == Function::MatchesFull ||
                       info.function == Function::ReplaceMatches;
  const std::size_t plain = info.function == Function::ReplaceMatches ? 2 : 1;
  if (!pattern || step.argument_count != plain) return {};
  auto compiled = compile_pattern(literal, {});
  if (!compiled->ok()) {
    return fail(ExpressionError::Kind::Semantic, first.offset,
                "The regular expression cannot be used: " + compiled->error() + ".");
  }
  program_->patterns.push_back(std::move(compiled));
  step.data = static_cast<std::uint32_t>(program_->patterns.size());
  return {};
}

}  // namespace fhir::path
