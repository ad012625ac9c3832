#pragma once
// The R4 tables, prepared for checking: what of them must be looked at for each type.

#include <memory>
#include <optional>
#include <vector>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/path/program.h"
#include "fhir-model/validate/native_rule.h"
#include "fhir-model/validate/terminology.h"

namespace fhir::validate {

// One constraint to check: in native code where there is some, else by its compiled expression.
struct RulePlan {
  const Invariant* invariant = nullptr;
  NativeRule native = NativeRule::None;
  const path::Program* program = nullptr;
};

struct BindingPlan {
  BindingStrength strength = BindingStrength::None;
  SetHandle set;
  std::string_view set_url;
  SetHandle maximum;
  std::string_view maximum_url;
};

struct ElementPlan {
  BindingPlan binding;
  std::vector<RulePlan> rules;
};

// Types that have checks of their own.
enum class SpecialType : std::uint8_t {
  None,
  Reference,
  Extension,
  Coding,
  CodeableConcept,
  Quantity,
  Attachment,
  Identifier,
  Resource
};

struct TypePlan {
  const Type* type = nullptr;
  std::uint64_t required = 0;  // bit n: element n must be there
  std::uint64_t ids = 0;       // bits of id (of elements): alone it is no content
  SpecialType special = SpecialType::None;
  std::vector<RulePlan> rules;
  std::vector<ElementPlan> elements;  // by Element::index
};

// Immutable after the constructor; any thread.
class TypePlans {
 public:
  TypePlans(const Definitions& definitions, const Terminology& terminology);

  const TypePlan& of(TypeId type) const { return plans_[type]; }

 private:
  RulePlan rule(const Definitions& definitions, std::uint16_t invariant);
  std::vector<RulePlan> rules(const Definitions& definitions, const Slice<std::uint16_t>& ids);
  static BindingPlan binding(const Definitions& definitions, const Terminology& terminology,
                             std::uint16_t id);

  std::vector<std::unique_ptr<path::Program>> programs_;  // by invariant id
  std::vector<TypePlan> plans_;                           // by TypeId
};

}  // namespace fhir::validate
