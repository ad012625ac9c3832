// Base constraints, and the types with checks of their own.
#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/path_services.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {

bool Walk::holds(const path::Program& program, const path::Value& value, const Scope& scope,
                 std::string_view key, const Node& at) {
  PathServices services(*this, scope);
  path::EvaluationInput input;
  input.context = value;
  input.resource = path::node_value(*scope.resource, scope.type->id);
  const Scope& root = scope.container();
  input.root_resource = path::node_value(*root.resource, root.type->id);
  input.services = &services;
  const auto truth = evaluator_.evaluate_boolean(program, input);
  // A constraint whose result is empty does not hold, as in the official validator.
  if (truth) return *truth == path::Truth::True;
  if (truth.error().kind == path::ExpressionError::Kind::Limit) {
    report_.error(MessageId::LimitWork, at, {key});
  } else {
    report_.warning(MessageId::InvariantNotEvaluated, at, {key, truth.error().message});
  }
  return true;
}

void Walk::check_rules(const std::vector<RulePlan>& rules, const path::Value& value, const Scope& scope,
                       const Node& at) {
  for (const RulePlan& rule : rules) {
    const Invariant& invariant = *rule.invariant;
    if (invariant.is_best_practice != 0 && !options_->best_practice) continue;
    Verdict verdict = Verdict::Undecided;
    if (rule.native != NativeRule::None) verdict = check_native(rule.native, *value.node);
    if (verdict == Verdict::Undecided) {
      const path::Program* program = rule.program;
      if (program == nullptr) continue;
      verdict = holds(*program, value, scope, invariant.key, at) ? Verdict::Holds : Verdict::Fails;
    }
    if (verdict == Verdict::Holds) continue;
    const bool is_error = invariant.severity == InvariantSeverity::Error;
    report_.add(is_error ? Severity::Error : Severity::Warning, MessageId::InvariantFailed, at,
                {invariant.key, invariant.human});
  }
}

void Walk::special(const Node& node, const TypePlan& plan, const Scope& scope, const Element* via) {
  switch (plan.special) {
    case SpecialType::Reference:
      return reference(node, scope, via);
    case SpecialType::Extension:
      return extension(node, scope, via);
    case SpecialType::Coding:
      return coding(node);
    case SpecialType::Quantity:
      return quantity(node);
    case SpecialType::Identifier:
      return identifier(node);
    case SpecialType::Attachment:
      return attachment(node);
    default:
      return;
  }
}

}  // namespace fhir::validate
