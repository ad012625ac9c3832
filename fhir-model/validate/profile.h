#pragma once
// Profiles (StructureDefinitions of derivation "constraint"), made ready for checking.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/document/node.h"
#include "fhir-model/path/program.h"
#include "fhir-model/validate/plan.h"

namespace fhir::validate {

// A constraint of a profile, compiled.
struct ProfileRule {
  std::string key, human;
  bool is_error = true;
  std::shared_ptr<const path::Program> program;
};

// One type that a profile allows for an element.
struct TypeRule {
  TypeId type = kNoType;
  std::vector<std::string> profiles;                            // of the value; canonical without version
  std::vector<std::string> targets;                             // of Reference and canonical
  bool contained = false, referenced = false, bundled = false;  // aggregation; none set: any
};

enum class DiscriminatorKind : std::uint8_t { Value, Exists, Pattern, Type, Profile };

struct Discriminator {
  DiscriminatorKind kind = DiscriminatorKind::Value;
  std::string path;
};

struct Slicing {
  enum class Rules : std::uint8_t { Open, Closed, OpenAtEnd };
  std::vector<Discriminator> discriminators;
  Rules rules = Rules::Open;
  bool ordered = false;
};

// What a profile demands of an element beyond the base definition. Everything unset is not demanded. Nodes
// belong to the documents that the validator keeps.
struct ElementRule {
  static constexpr std::uint32_t kUnbounded = 0xFFFFFFFF;

  std::string name;        // "value" for value[x]; "valueQuantity" where the profile writes that
  std::string slice_name;  // empty: no slice
  std::string path;        // for messages
  bool is_choice = false;  // written with "[x]"
  std::optional<std::uint32_t> min, max, max_length;
  std::vector<TypeRule> types;
  const Node* fixed = nullptr;
  const Node* pattern = nullptr;
  const Node* min_value = nullptr;
  const Node* max_value = nullptr;
  BindingPlan binding;
  std::vector<ProfileRule> rules;
  std::optional<Slicing> slicing;
  std::vector<ElementRule> children;
  std::vector<ElementRule> slices;
};

// Where an extension may stand.
struct ExtensionContext {
  enum class Kind : std::uint8_t { Element, Extension, Path };
  Kind kind = Kind::Element;
  std::string expression;
  std::shared_ptr<const path::Program> program;  // of Kind::Path
};

struct Profile {
  std::string url;
  TypeId type = kNoType;
  bool is_extension = false;
  bool is_modifier = false;  // of an extension: its root says isModifier
  std::vector<ExtensionContext> contexts;
  std::vector<ProfileRule> context_invariants;
  ElementRule root;
};

}  // namespace fhir::validate
