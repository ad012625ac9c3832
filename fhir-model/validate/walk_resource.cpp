// Resources: the root, contained ones, entries of Bundles.
#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/bundle_rules.h"
#include "fhir-model/validate/profile_check.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {
namespace {

// Element rules of profiles that one validation may look at: far above what real profiles need, and still
// linear.
constexpr std::uint64_t kWorkAtLeast = 1'000'000;
constexpr std::uint64_t kWorkPerNode = 2'000;

}  // namespace

Walk::Walk(const ValidatorData& data) : data_(data), report_(data.definitions) {}

const std::vector<Issue>& Walk::run(const Document& document, const ValidationOptions& options) {
  document_ = &document;
  options_ = &options;
  bundle_node_ = nullptr;
  contained_owner_ = nullptr;
  questionnaires_.clear();
  bundled_questionnaires_.clear();
  questionnaires_of_ = nullptr;
  extended_ = nullptr;
  depth_ = 0;
  profile_scratch_.work = kWorkAtLeast + kWorkPerNode * document.node_count();
  profile_scratch_.depth = 0;
  profile_scratch_.pop_to(0);
  report_.begin(document, options.max_issues);
  if (document.empty()) return report_.issues();
  resource(document.root(), nullptr, false, false);
  report_.finish();
  return report_.issues();
}

bool Walk::spend(std::uint64_t cost, const Node& at, std::string_view what) {
  auto& work = profile_scratch_.work;
  if (work == 0) return false;
  work -= std::min(work, cost);
  if (work == 0) report_.error(MessageId::LimitWork, at, {what});
  return work != 0;
}

void Walk::begin_inner(const Walk& other) {
  document_ = other.document_;
  options_ = other.options_;
  bundle_node_ = other.bundle_node_;
  if (bundle_node_ != nullptr) bundle_.build(*bundle_node_);
  report_.begin(*document_, 1);
  profile_scratch_.work = other.profile_scratch_.work;
  profile_scratch_.depth = other.profile_scratch_.depth + 1;
}

void Walk::resource(const Node& node, const Scope* outer, bool contained, bool entry) {
  const auto name = node.resource_type();
  if (!node.is_object() || name.empty()) return report_.error(MessageId::NotAResource, node);
  const Type* type = data_.definitions.find_type(name);
  if (type == nullptr || type->kind != TypeKind::Resource) {
    return report_.error(MessageId::UnknownResourceType, node, {name});
  }
  if (type->is_abstract) return report_.error(MessageId::AbstractResource, node, {name});
  const Scope scope{&node, type, outer, contained, entry};
  const Node* outer_bundle = bundle_node_;
  const bool is_bundle = type->id == type_ids::kBundle;
  // References look into the outermost Bundle; one within it is judged for itself afterwards.
  if (is_bundle && bundle_node_ == nullptr) {
    bundle_node_ = &node;
    bundle_.build(node);
  }
  const TypePlan& plan = data_.plans.of(type->id);
  object(node, plan, scope, nullptr);
  if (type->id == type_ids::kQuestionnaireResponse) questionnaire_response(scope);
  if (type->id == type_ids::kQuestionnaire) questionnaire(scope);
  if (type->id == type_ids::kValueSet) value_set(node);
  if (is_bundle && outer_bundle == nullptr) BundleRules(*this, node).check();
  ProfileCheck(*this).check_resource(scope, outer == nullptr);
  bundle_node_ = outer_bundle;
}

}  // namespace fhir::validate
