#pragma once
// One validation: the walk over a document's nodes. Used by Validation only.

#include <string_view>
#include <unordered_map>
#include <vector>

#include "fhir-model/path/evaluator.h"
#include "fhir-model/validate/bundle_index.h"
#include "fhir-model/validate/profile_scratch.h"
#include "fhir-model/validate/report.h"
#include "fhir-model/validate/validator.h"
#include "fhir-model/validate/validator_data.h"

namespace fhir::validate {

// The resource that is being walked and those around it. Lives on the stack of the walk.
struct Scope {
  const Node* resource = nullptr;
  const Type* type = nullptr;
  const Scope* outer = nullptr;  // of a contained resource, an entry, a parameter's resource
  bool is_contained = false;
  bool is_entry = false;

  // The resource whose contained resources "#id" refers to.
  const Scope& container() const { return is_contained && outer != nullptr ? *outer : *this; }
};

// An element that stands at `node`: what its value is and how it was reached.
struct Place {
  const Type* type = nullptr;        // of the value
  const Element* element = nullptr;  // null for a resource
};

// One thread; keeps its memory from one document to the next. Each node is visited once for structure, types,
// bindings and base constraints, and again for each profile that applies to it.
class Walk {
 public:
  explicit Walk(const ValidatorData& data);
  const std::vector<Issue>& run(const Document& document, const ValidationOptions& options);
  // Prepares for questions about the document that `other` walks.
  void begin_inner(const Walk& other);

  // For the checks that stand in files of their own.
  Report& report() { return report_; }
  const ValidatorData& data() const { return data_; }
  const Definitions& definitions() const { return data_.definitions; }
  const ValidationOptions& options() const { return *options_; }
  path::Evaluator& evaluator() { return evaluator_; }
  BundleIndex& bundle() { return bundle_; }
  const Node* bundle_node() const { return bundle_node_; }
  ProfileScratch& profile_scratch() { return profile_scratch_; }
  // Takes `cost` from the allowance of work. False when it is used up: that is a finding on `at`, once.
  bool spend(std::uint64_t cost, const Node& at, std::string_view what);
  // The contained resource of that id ("p1"), or null.
  const Node* find_contained(const Scope& scope, std::string_view id);
  // What a reference leads to inside the document; null when it leads outside.
  const Node* resolve(std::string_view reference, const Scope& scope);
  // Evaluates a constraint on a value; an error of evaluation is a finding and counts as holding.
  bool holds(const path::Program& program, const path::Value& value, const Scope& scope, std::string_view key,
             const Node& at);

  // walk_questionnaire.cpp: the Questionnaire of that canonical URL: contained ("#id"), loaded, or in the
  // Bundle. Null when there is none.
  const Questionnaire* find_questionnaire(std::string_view url, const Scope& scope);

  // walk_coded.cpp: is the code, Coding, CodeableConcept, Quantity … in the set it is bound to?
  void check_binding(const Node& node, TypeId type, const BindingPlan& binding);

 private:
  // walk_resource.cpp
  void resource(const Node& node, const Scope* outer, bool contained, bool entry);
  // walk_object.cpp
  std::uint64_t object(const Node& node, const TypePlan& plan, const Scope& scope, const Element* via);
  void member(const Node& owner, const Node& child, const TypePlan& plan, const Scope& scope,
              std::uint64_t& seen);
  void unknown_member(const Node& owner, const Node& child, const TypePlan& plan);
  void underscored(const Node& child, const MemberMatch& match, const Scope& scope);
  void extensions_of_primitive(const Node& child, const MemberMatch& match, const Scope& scope,
                               bool has_value);
  void array(const Node& list, const MemberMatch& match, const ElementPlan& plan, const Scope& scope);
  void value(const Node& node, const MemberMatch& match, const ElementPlan& plan, const Scope& scope);
  void complex_value(const Node& node, const MemberMatch& match, const ElementPlan& plan, const Scope& scope);
  void report_missing(const Node& node, const TypePlan& plan, std::uint64_t missing);
  void several_choices(const Node& owner, const Node& child, const MemberMatch& match);
  // walk_primitive.cpp
  void primitive(const Node& node, const MemberMatch& match, const ElementPlan& plan, const Scope& scope);
  bool has_wrong_json_type(const Node& node, const Type& type);
  void narrative(const Node& node, const Scope& scope);
  // walk_rules.cpp
  void check_rules(const std::vector<RulePlan>& rules, const path::Value& value, const Scope& scope,
                   const Node& at);
  void special(const Node& node, const TypePlan& plan, const Scope& scope, const Element* via);
  // walk_coded.cpp
  void coding(const Node& node);
  void check_display(const Node& node, std::string_view expected, std::string_view code);
  void quantity(const Node& node);
  void attachment(const Node& node);
  void identifier(const Node& node);
  void check_concept(const Node& node, const BindingPlan& binding);
  void check_code(const Node& at, std::string_view system, std::string_view code, const BindingPlan& binding);
  // walk_reference.cpp
  void reference(const Node& node, const Scope& scope, const Element* via);
  void check_target(const Node& node, const Type& target, const Slice<TypeId>& allowed, bool seen);
  const Node* resolve_checked(const Node& node, std::string_view text, const Scope& scope);
  // walk_value_set.cpp
  void value_set(const Node& resource);
  // walk_questionnaire.cpp
  void questionnaire_response(const Scope& scope);
  void questionnaire(const Scope& scope);
  const Questionnaire* read_questionnaire(const Node* node);
  const Node* bundled_questionnaire(std::string_view url);
  // walk_extension.cpp
  void extension(const Node& node, const Scope& scope, const Element* via);
  void unknown_extension(const Node& node, std::string_view url, bool modifier);

  const ValidatorData& data_;
  Report report_;
  path::Evaluator evaluator_;
  BundleIndex bundle_;
  ProfileScratch profile_scratch_;
  const Document* document_ = nullptr;
  const ValidationOptions* options_ = nullptr;
  const Node* bundle_node_ = nullptr;      // the Bundle whose entries are indexed
  const Node* contained_owner_ = nullptr;  // the resource that contained_ is of
  std::unordered_map<std::string_view, const Node*> contained_;
  // Questionnaires of the document, made ready when they are first asked for.
  std::unordered_map<const Node*, std::unique_ptr<const Questionnaire>> questionnaires_;
  std::unordered_map<std::string_view, const Node*> bundled_questionnaires_;
  const Node* questionnaires_of_ = nullptr;  // the Bundle that bundled_questionnaires_ is of
  const Node* extended_ = nullptr;           // the latest "_name" beside which there is a value
  int depth_ = 0;
};

}  // namespace fhir::validate
