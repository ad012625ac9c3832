// Questionnaires and the responses to them.
#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/questionnaire_check.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {

const Questionnaire* Walk::read_questionnaire(const Node* node) {
  if (node == nullptr || node->resource_type() != "Questionnaire") return nullptr;
  auto& slot = questionnaires_[node];
  if (!slot) slot = std::make_unique<const Questionnaire>(data_.definitions, data_.terminology, *node);
  return slot.get();
}

const Node* Walk::bundled_questionnaire(std::string_view url) {
  if (bundle_node_ == nullptr) return nullptr;
  if (questionnaires_of_ != bundle_node_) {
    questionnaires_of_ = bundle_node_;
    bundled_questionnaires_.clear();
    for (const BundleEntry& entry : bundle_.entries()) {
      if (entry.resource == nullptr || entry.resource->resource_type() != "Questionnaire") continue;
      bundled_questionnaires_.try_emplace(bare_canonical(entry.resource->member_text(atoms::kUrl)),
                                          entry.resource);
    }
  }
  const auto found = bundled_questionnaires_.find(url);
  return found == bundled_questionnaires_.end() ? nullptr : found->second;
}

const Questionnaire* Walk::find_questionnaire(std::string_view url, const Scope& scope) {
  if (url.front() == '#') return read_questionnaire(find_contained(scope, url.substr(1)));
  url = bare_canonical(url);
  const auto loaded = data_.questionnaires.find(url);
  return loaded != data_.questionnaires.end() ? loaded->second.get()
                                              : read_questionnaire(bundled_questionnaire(url));
}

void Walk::questionnaire_response(const Scope& scope) {
  const Node* url = scope.resource->find(atoms::kQuestionnaire);
  if (url == nullptr || !url->is_string() || url->text().empty()) return;
  const Questionnaire* found = find_questionnaire(url->text(), scope);
  if (found != nullptr) return QuestionnaireCheck(*this, scope, *found).check();
  if (data_.terminology.find_set(url->text()) || data_.profiles.find(url->text()) != nullptr) {
    return report_.error(MessageId::QuestionnaireWrongType, *url, {url->text()});
  }
  report_.warning(MessageId::QuestionnaireUnknown, *url, {url->text()});
}

void Walk::questionnaire(const Scope& scope) {
  QuestionnaireCheck::check_conditions(*this, *read_questionnaire(scope.resource));
}

}  // namespace fhir::validate
