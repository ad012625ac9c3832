#include "fhir-model/validate/questionnaire_check.h"

#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/answer_order.h"

namespace fhir::validate {
namespace {

bool has_items(const Node* list) {
  return list != nullptr && list->is_array() && list->child_count() != 0;
}

bool has_content(const Node& item) {
  return has_items(item.find(atoms::kAnswer)) || has_items(item.find(atoms::kItem));
}

}  // namespace

QuestionnaireCheck::QuestionnaireCheck(Walk& walk, const Scope& scope, const Questionnaire& questionnaire)
    : walk_(walk), scope_(scope), questionnaire_(questionnaire), enable_when_(walk, scope) {}

bool QuestionnaireCheck::spend() {
  return walk_.spend(EnableWhen::kStepCost, *scope_.resource, "QuestionnaireResponse");
}

void QuestionnaireCheck::check() {
  in_progress_ = scope_.resource->member_text(atoms::kStatus) == "in-progress";
  period();
  frames_.assign(1, scope_.resource);
  group(*scope_.resource, QuestionnaireItem::kTop);
}

void QuestionnaireCheck::period() {
  const Node* authored = scope_.resource->find(atoms::kAuthored);
  const Node* period = questionnaire_.resource().find(atoms::kEffectivePeriod);
  if (authored == nullptr || period == nullptr) return;
  const Node* start = period->find(atoms::kStart);
  const Node* end = period->find(atoms::kEnd);
  const bool early = start != nullptr && answer_order(*authored, *start).value_or(0) < 0;
  const bool late = end != nullptr && answer_order(*authored, *end).value_or(0) > 0;
  if (early || late) walk_.report().warning(MessageId::QuestionnairePeriod, *authored, {authored->text()});
}

// The items of the response below `owner`, with those of the Questionnaire that they answer.
void QuestionnaireCheck::collect(const Node& owner, std::uint32_t parent, std::vector<Given>& given) {
  const Node* list = owner.find(atoms::kItem);
  if (!has_items(list)) return;
  std::uint32_t latest = 0;
  for (const Node& node : list->children()) {
    const auto link_id = node.member_text(atoms::kLinkId);
    if (link_id.empty() || !spend()) continue;
    const std::uint32_t number = questionnaire_.find(link_id);
    if (number == QuestionnaireItem::kTop) {
      walk_.report().error(MessageId::ItemUnknown, node, {link_id});
      continue;
    }
    if (questionnaire_.item(number).parent != parent) {
      walk_.report().error(MessageId::ItemMisplaced, node, {link_id});
      item(number, node);
      continue;
    }
    if (number < latest) walk_.report().error(MessageId::ItemOutOfOrder, node, {link_id});
    latest = number;
    given.push_back({number, &node});
  }
  std::stable_sort(given.begin(), given.end(),
                   [](const Given& a, const Given& b) { return a.item < b.item; });
}

// All items that the Questionnaire has below `parent`, in its order.
void QuestionnaireCheck::group(const Node& owner, std::uint32_t parent) {
  std::vector<Given> given;
  collect(owner, parent, given);
  const bool top = parent == QuestionnaireItem::kTop;
  const auto count = static_cast<std::uint32_t>(questionnaire_.items().size());
  const std::uint32_t end = top ? count : parent + questionnaire_.item(parent).span;
  const Given* next = given.data();
  const Given* last = next + given.size();
  for (std::uint32_t number = top ? 0 : parent + 1; number < end && spend();
       number += questionnaire_.item(number).span) {
    const Given* first = next;
    while (next != last && next->item == number) ++next;
    several(number, first, next, owner);
  }
}

void QuestionnaireCheck::several(std::uint32_t number, const Given* first, const Given* last,
                                 const Node& owner) {
  const QuestionnaireItem& item = questionnaire_.item(number);
  const bool answered = std::any_of(first, last, [](const Given& given) { return has_content(*given.node); });
  const bool enabled = enable_when_.is_enabled(item, frames_);
  if (!answered && enabled && item.required) missing(number, first == last ? owner : *first->node);
  if (last - first > 1 && !item.repeats) {
    walk_.report().error(MessageId::ItemRepeats, *first[1].node,
                         {item.link_id, std::to_string(last - first)});
  }
  for (; first != last; ++first) {
    if (!enabled && has_content(*first->node)) {
      walk_.report().error(MessageId::ItemDisabled, *first->node, {item.link_id});
    }
    this->item(number, *first->node);
  }
}

void QuestionnaireCheck::missing(std::uint32_t number, const Node& at) {
  walk_.report().add(in_progress_ ? Severity::Warning : Severity::Error, MessageId::ItemWithoutAnswer, at,
                     {questionnaire_.item(number).link_id});
}

// One item of the response, wherever it stands.
void QuestionnaireCheck::item(std::uint32_t number, const Node& node) {
  const QuestionnaireItem& item = questionnaire_.item(number);
  auto& report = walk_.report();
  const auto text = node.member_text(atoms::kText);
  if (!text.empty() && text != item.node->member_text(atoms::kText)) {
    report.error(MessageId::ItemText, node, {item.link_id});
  }
  frames_.push_back(&node);
  const Node* given = node.find(atoms::kAnswer);
  const bool holds_answers = item.type != "group" && item.type != "display" && item.type != "question";
  if (has_items(given) && !holds_answers) {
    report.error(MessageId::ItemMayNotAnswer, *(given + 1), {item.link_id, item.type});
  }
  if (item.type == "group") {
    group(node, number);
  } else {
    if (has_items(node.find(atoms::kItem))) {
      report.error(MessageId::ItemNotInAnswer, node, {item.link_id, item.type});
    }
    if (holds_answers) answers(number, node);
  }
  frames_.pop_back();
}

void QuestionnaireCheck::answers(std::uint32_t number, const Node& node) {
  const QuestionnaireItem& item = questionnaire_.item(number);
  counts(item, node);
  const Node* list = node.find(atoms::kAnswer);
  if (!has_items(list)) return;
  for (const Node& one : list->children()) {
    answer(item, one);
    frames_.push_back(&one);
    group(one, number);
    frames_.pop_back();
  }
  exclusive(item, *list);
}

void QuestionnaireCheck::counts(const QuestionnaireItem& item, const Node& node) {
  const Node* list = node.find(atoms::kAnswer);
  const std::size_t count = list == nullptr ? 0 : list->child_count();
  const std::string found = std::to_string(count);
  if (count > 1 && !item.repeats) {
    const Node& second = *(list + 1 + (list + 1)->span());
    walk_.report().error(MessageId::AnswerRepeats, second, {item.link_id, found});
  }
  constexpr std::string_view kBase = "http://hl7.org/fhir/StructureDefinition/questionnaire-";
  const Node* least = extension_value(*item.node, std::string(kBase) + "minOccurs");
  const Node* most = extension_value(*item.node, std::string(kBase) + "maxOccurs");
  const auto number = [](const Node* bound, std::int64_t otherwise) {
    const auto value = bound == nullptr ? std::nullopt : path::Decimal::parse(bound->text());
    return value ? value->to_integer().value_or(otherwise) : otherwise;
  };
  const auto signed_count = static_cast<std::int64_t>(count);
  if (signed_count >= number(least, 0) && signed_count <= number(most, signed_count)) return;
  walk_.report().error(
      MessageId::AnswerCount, node,
      {item.link_id, found, least == nullptr ? "0" : least->text(), most == nullptr ? "*" : most->text()});
}

void QuestionnaireCheck::exclusive(const QuestionnaireItem& item, const Node& list) {
  const Node* options = item.node->find(atoms::kAnswerOption);
  if (list.child_count() < 2 || !has_items(options)) return;
  for (const Node& option : options->children()) {
    const Node* flag =
        extension_value(option, "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive");
    if (flag == nullptr || flag->text() != "true") continue;
    const Node* wanted = choice_member(option, "value");
    for (const Node& answer : list.children()) {
      const Node* value = choice_member(answer, "value");
      if (!spend() || wanted == nullptr || value == nullptr || !is_same_answer(*value, *wanted)) continue;
      return walk_.report().error(MessageId::AnswerExclusive, answer, {item.link_id});
    }
  }
}

// R4 "Questionnaire", enableWhen: the question stands before, and is neither the item nor within it.
void QuestionnaireCheck::check_conditions(Walk& walk, const Questionnaire& questionnaire) {
  for (std::uint32_t number = 0; number < questionnaire.items().size(); ++number) {
    const QuestionnaireItem& item = questionnaire.item(number);
    const Node* list = item.node->find(atoms::kEnableWhen);
    if (!has_items(list)) continue;
    for (const Node& condition : list->children()) {
      const auto question = condition.member_text(atoms::kQuestion);
      if (question.empty()) continue;
      const std::uint32_t target = questionnaire.find(question);
      if (target == QuestionnaireItem::kTop) {
        walk.report().error(MessageId::ConditionWithoutTarget, *item.node, {question});
      } else if (target >= number && target < number + item.span) {
        walk.report().error(MessageId::ConditionOnItself, *item.node, {question});
      } else if (target > number) {
        walk.report().warning(MessageId::ConditionOnLater, *item.node, {question});
      }
    }
  }
}

}  // namespace fhir::validate
