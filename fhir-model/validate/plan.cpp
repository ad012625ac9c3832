#include "fhir-model/validate/plan.h"

#include <stdexcept>
#include <string>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/published_expression.h"

namespace fhir::validate {
namespace {

constexpr std::size_t kMaxElements = 64;  // bits of TypePlan::required

SpecialType special_of(const Definitions& definitions, const Type& type) {
  if (type.kind == TypeKind::Resource) return SpecialType::Resource;
  switch (type.id) {
    case type_ids::kReference:
      return SpecialType::Reference;
    case type_ids::kExtension:
      return SpecialType::Extension;
    case type_ids::kCoding:
      return SpecialType::Coding;
    case type_ids::kCodeableConcept:
      return SpecialType::CodeableConcept;
    case type_ids::kIdentifier:
      return SpecialType::Identifier;
    case type_ids::kAttachment:
      return SpecialType::Attachment;
    default:
      break;
  }
  return definitions.is_a(type.id, type_ids::kQuantity) ? SpecialType::Quantity : SpecialType::None;
}

}  // namespace

TypePlans::TypePlans(const Definitions& definitions, const Terminology& terminology) {
  programs_.resize(definitions.invariants().size());
  plans_.resize(definitions.types().size());
  for (const Type& type : definitions.types()) {
    TypePlan& plan = plans_[type.id];
    plan.type = &type;
    if (type.elements.size() > kMaxElements) throw std::logic_error("a type has more than 64 elements");
    plan.special = special_of(definitions, type);
    if (!type.is_primitive()) plan.rules = rules(definitions, type.invariant_ids);
    plan.elements.resize(type.elements.size());
    for (const Element& element : type.elements) {
      const std::uint64_t bit = std::uint64_t{1} << element.index;
      if (element.min > 0) plan.required |= bit;
      if (element.atom == atoms::kId && type.kind != TypeKind::Resource) plan.ids |= bit;
      ElementPlan& one = plan.elements[element.index];
      one.binding = binding(definitions, terminology, element.binding_id);
      one.rules = rules(definitions, element.invariant_ids);
    }
  }
}

RulePlan TypePlans::rule(const Definitions& definitions, std::uint16_t id) {
  RulePlan plan;
  plan.invariant = &definitions.invariants()[id];
  plan.native = native_rule(*plan.invariant);
  const bool elsewhere = plan.native == NativeRule::ByStructure || plan.native == NativeRule::ByBundle;
  if (elsewhere || plan.invariant->expression.empty()) return plan;
  if (!programs_[id]) {
    path::CompileOptions options;
    options.as_filters = true;
    auto program = path::Program::compile(definitions, meant_expression(plan.invariant->expression), options);
    if (!program) throw std::logic_error("constraint of R4: " + program.error().message);
    programs_[id] = std::make_unique<path::Program>(std::move(*program));
  }
  plan.program = programs_[id].get();
  return plan;
}

std::vector<RulePlan> TypePlans::rules(const Definitions& definitions, const Slice<std::uint16_t>& ids) {
  std::vector<RulePlan> plans;
  for (const std::uint16_t id : ids) {
    RulePlan plan = rule(definitions, id);
    if (plan.program != nullptr) plans.push_back(plan);
  }
  return plans;
}

BindingPlan TypePlans::binding(const Definitions& definitions, const Terminology& terminology,
                               std::uint16_t id) {
  BindingPlan plan;
  if (id == 0) return plan;
  const Binding& source = definitions.bindings()[id];
  if (source.strength == BindingStrength::Example || source.strength == BindingStrength::None) return plan;
  plan.set_url = bare_canonical(source.value_set_url);
  plan.set = terminology.find_set(plan.set_url);
  plan.maximum_url = bare_canonical(source.max_value_set_url);
  if (!plan.maximum_url.empty()) plan.maximum = terminology.find_set(plan.maximum_url);
  if (plan.set || plan.maximum) plan.strength = source.strength;
  return plan;
}

}  // namespace fhir::validate
