#include "fhir-model/validate/enable_when.h"

#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/answer_order.h"

namespace fhir::validate {
namespace {

bool compares(std::string_view operation, const Node& answer, const Node& wanted) {
  if (operation == "=") return is_same_answer(answer, wanted);
  if (operation == "!=") return !is_same_answer(answer, wanted);
  const auto order = answer_order(answer, wanted);
  if (!order) return false;
  if (operation == ">") return *order > 0;
  if (operation == "<") return *order < 0;
  if (operation == ">=") return *order >= 0;
  return operation == "<=" && *order <= 0;
}

}  // namespace

EnableWhen::EnableWhen(Walk& walk, const Scope& scope) : walk_(walk), scope_(scope) {
  const Node* end = scope.resource + scope.resource->span();
  for (const Node* at = scope.resource; at != end; ++at) {
    if (at->atom() == atoms::kLinkId && at->is_string()) by_link_id_[at->text()].push_back(at->parent());
  }
}

bool EnableWhen::spend() {
  return walk_.spend(kStepCost, *scope_.resource, "enableWhen");
}

bool EnableWhen::is_enabled(const QuestionnaireItem& item, const std::vector<const Node*>& frames) {
  if (item.condition != nullptr) {
    const auto root = path::node_value(*scope_.resource, scope_.type->id);
    return walk_.holds(*item.condition, root, scope_, "enableWhen", *scope_.resource);
  }
  const Node* list = item.node->find(atoms::kEnableWhen);
  if (list == nullptr || !list->is_array() || list->child_count() == 0) return true;
  const bool all = item.node->member_text(atoms::kEnableBehavior) == "all";
  for (const Node& condition : list->children()) {
    if (holds(condition, frames) != all) return !all;
  }
  return all;
}

bool EnableWhen::holds(const Node& condition, const std::vector<const Node*>& frames) {
  const auto question = by_link_id_.find(condition.member_text(atoms::kQuestion));
  if (question == by_link_id_.end()) return answers_fit(condition, nullptr, nullptr);
  const auto& items = question->second;
  bool answered = false;
  for (auto frame = frames.rbegin(); frame != frames.rend(); ++frame) {
    const Node* end = *frame + (*frame)->span();
    auto item = std::lower_bound(items.begin(), items.end(), *frame);
    if (item == items.end() || *item >= end) continue;
    for (; item != items.end() && *item < end && spend(); ++item) {
      const Node* answers = (*item)->find(atoms::kAnswer);
      const bool some = answers != nullptr && answers->is_array() && answers->child_count() != 0;
      answered |= some;
      if (some && answers_fit(condition, answers + 1, answers + answers->span())) return true;
    }
    break;
  }
  return !answered && answers_fit(condition, nullptr, nullptr);
}

// Do the answers of an item satisfy it? None (null) only satisfies "exists = false".
bool EnableWhen::answers_fit(const Node& condition, const Node* first, const Node* last) {
  const auto operation = condition.member_text(atoms::kOperator);
  const Node* wanted = choice_member(condition, "answer");
  if (wanted == nullptr) return false;
  if (operation == "exists") return (wanted->text() == "true") == (first != nullptr);
  for (; first != last && spend(); first += first->span()) {
    const Node* value = choice_member(*first, "value");
    if (value != nullptr && compares(operation, *value, *wanted)) return true;
  }
  return false;
}

}  // namespace fhir::validate
