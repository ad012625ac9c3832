// Literals, variables and type names.
#include <limits>

#include "fhir-model/path/parser.h"

namespace fhir::path {

Parser::StepResult Parser::number() {
  const Token digits = std::move(token_);
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  const auto value = Decimal::parse(digits.text);
  if (!value) {
    return fail(ExpressionError::Kind::Limit, digits.offset,
                "The number is longer than the limit of " + std::to_string(Decimal::kMaxDigits) + " digits.");
  }
  const bool word_unit =
      token_.kind == TokenKind::Identifier && !token_.delimited && calendar_word(token_.text);
  if (word_unit || token_.kind == TokenKind::String) {
    QuantityValue& quantity = program_->quantities.emplace_back();
    quantity.value = *value;
    quantity.is_calendar = calendar_word(token_.text).has_value();
    quantity.unit = program_->texts.emplace_back(std::move(token_.text));
    if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    return add_literal(Value::of_quantity(&quantity), digits.offset);
  }
  if (digits.text.find('.') != std::string::npos) {
    return add_literal(Value::of_decimal(&program_->decimals.emplace_back(*value)), digits.offset);
  }
  const auto whole = value->to_integer();
  // 2^31 itself is let through for "-2147483648".
  if (!whole || *whole > std::int64_t{std::numeric_limits<std::int32_t>::max()} + 1) {
    return fail(ExpressionError::Kind::Limit, digits.offset,
                "An integer may not be larger than 2147483647; write a decimal with \".0\".");
  }
  return add_literal(Value::of_integer(*whole), digits.offset);
}

Parser::StepResult Parser::temporal() {
  const Token text = std::move(token_);
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  std::optional<Temporal> value;
  if (text.kind == TokenKind::Date) value = Temporal::parse_date(text.text);
  if (text.kind == TokenKind::DateTime) value = Temporal::parse_date_time(text.text);
  if (text.kind == TokenKind::Time) value = Temporal::parse_time(text.text);
  if (!value) return fail(ExpressionError::Kind::Syntax, text.offset, "This is no valid date or time.");
  return add_literal(Value::of_temporal(&program_->temporals.emplace_back(*value)), text.offset);
}

Parser::StepResult Parser::constant() {
  Step step;
  step.op = Op::Variable;
  step.offset = token_.offset;
  if (token_.text.empty()) return fail_here("The name of an environment variable");
  step.data = add_name(token_.text);
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  return add(step);
}

Parser::StepResult Parser::variable() {
  Step step;
  step.offset = token_.offset;
  if (token_.text == "this") {
    step.op = Op::This;
  } else if (token_.text == "index") {
    step.op = Op::Index;
  } else if (token_.text == "total") {
    step.op = Op::Total;
  } else {
    return fail_here("$this, $index or $total");
  }
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  return add(step);
}

Expected<TypeName> Parser::type_name() {
  const std::uint32_t offset = token_.offset;
  if (token_.kind != TokenKind::Identifier) return tl::unexpected(fail_here("The name of a type").value());
  std::string space, name = token_.text;
  if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  if (token_.is_symbol(".") && (name == "System" || name == "FHIR")) {
    if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
    if (token_.kind != TokenKind::Identifier) return tl::unexpected(fail_here("The name of a type").value());
    space = std::move(name);
    name = token_.text;
    if (auto moved = advance(); !moved) return tl::unexpected(moved.error());
  }
  TypeName type;
  if (space != "FHIR") type.system = system_type_named(name);
  if (space != "System") {
    const Type* found = program_->definitions->find_type(name);
    if (found != nullptr) type.fhir = found->id;
  }
  // System.Patient is a name without a type: nothing is of it. Else a wrong name is a mistake.
  if (space != "System" && type.fhir == kNoType && type.system == SystemType::None) {
    return fail(ExpressionError::Kind::Semantic, offset, "There is no type \"" + name + "\".");
  }
  return type;
}

}  // namespace fhir::path
