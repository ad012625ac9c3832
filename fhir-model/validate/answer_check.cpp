// Answers of a QuestionnaireResponse, one by one.
#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/answer_order.h"
#include "fhir-model/validate/questionnaire_check.h"
#include "fhir-model/validate/reference_form.h"

namespace fhir::validate {
namespace {

// Item types and the types that their answers may have, as in "value" + Type. Choices with other options
// than Codings are in use, and the official validator takes them.
struct AnswerTypes {
  std::string_view item;
  std::array<std::string_view, 5> values;
};
constexpr std::array<AnswerTypes, 14> kAnswerTypes = {
    {{"boolean", {"Boolean"}},
     {"decimal", {"Decimal"}},
     {"integer", {"Integer"}},
     {"date", {"Date"}},
     {"dateTime", {"DateTime"}},
     {"time", {"Time"}},
     {"string", {"String"}},
     {"text", {"String"}},
     {"url", {"Uri"}},
     {"attachment", {"Attachment"}},
     {"reference", {"Reference"}},
     {"quantity", {"Quantity"}},
     {"choice", {"Coding", "Date", "Time", "Integer", "String"}},
     {"open-choice", {"Coding", "Date", "Time", "Integer", "String"}}}};

const AnswerTypes* types_of(std::string_view item) {
  const auto found = std::find_if(kAnswerTypes.begin(), kAnswerTypes.end(),
                                  [&](const AnswerTypes& types) { return types.item == item; });
  return found == kAnswerTypes.end() ? nullptr : &*found;
}

bool allows(const AnswerTypes& types, std::string_view value) {
  return !value.empty() && std::find(types.values.begin(), types.values.end(), value) != types.values.end();
}

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::size_t decimals_in(std::string_view number) {
  const auto point = number.find('.');
  if (point == std::string_view::npos) return 0;
  const auto end = number.find_first_of("eE");
  return std::min(end, number.size()) - point - 1;
}

// "12" → 12; what is no such number bounds nothing.
std::size_t count_of(const Node* node) {
  const auto number = node == nullptr ? std::nullopt : path::Decimal::parse(node->text());
  const auto value = number ? number->to_integer() : std::nullopt;
  return value && *value >= 0 ? static_cast<std::size_t>(*value) : std::string_view::npos;
}

constexpr std::string_view kMinValue = "http://hl7.org/fhir/StructureDefinition/minValue";
constexpr std::string_view kMaxValue = "http://hl7.org/fhir/StructureDefinition/maxValue";
constexpr std::string_view kMinQuantity =
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-minQuantity";
constexpr std::string_view kMaxQuantity =
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-maxQuantity";
constexpr std::string_view kMaxDecimalPlaces = "http://hl7.org/fhir/StructureDefinition/maxDecimalPlaces";
constexpr std::string_view kReferenceResource =
    "http://hl7.org/fhir/StructureDefinition/questionnaire-referenceResource";

}  // namespace

void QuestionnaireCheck::answer(const QuestionnaireItem& item, const Node& node) {
  const Node* value = choice_member(node, "value");
  const AnswerTypes* types = types_of(item.type);
  if (value == nullptr || types == nullptr || !spend()) return;
  const auto type = value->name().substr(5);
  if (walk_.definitions().find_type(type) == nullptr &&
      std::none_of(kAnswerTypes.begin(), kAnswerTypes.end(),
                   [&](const AnswerTypes& known) { return known.values[0] == type; })) {
    return;  // no element of R4: said elsewhere
  }
  if (!allows(*types, type)) {
    return walk_.report().error(MessageId::AnswerType, *value, {item.link_id, types->values[0], type});
  }
  options(item, node, *value);
  bounds(item, *value);
  if (value->is_string()) text(item, *value);
  if (type == "Reference") target(item, *value);
}

// answerOption and answerValueSet. Texts of one's own are what open-choice is open for.
void QuestionnaireCheck::options(const QuestionnaireItem& item, const Node& node, const Node& value) {
  const bool is_own_text = item.type == "open-choice" && value.is_string();
  if (is_own_text) return;
  if (const Node* list = item.node->find(atoms::kAnswerOption)) {
    bool found = !list->is_array();
    for (const Node& option : list->children()) {
      const Node* one = choice_member(option, "value");
      if (!spend() || (one != nullptr && is_same_answer(value, *one))) found = true;
      if (found) break;
    }
    if (!found) {
      walk_.report().error(MessageId::AnswerNotOption, value.is_object() ? node : value, {item.link_id});
    }
    return;
  }
  if (!item.answers) return;
  const auto code = value.is_object() ? value.member_text(atoms::kCode) : value.text();
  const auto system = value.is_object() ? value.member_text(atoms::kSystem) : std::string_view();
  // A Coding without system says what it means by its display alone.
  if (code.empty() || (value.is_object() && system.empty())) return;
  if (walk_.data().terminology.is_member(item.answers, bare_canonical(system), code) ==
      Membership::NotMember) {
    walk_.report().error(MessageId::AnswerNotInSet, value.is_object() ? node : value,
                         {code, item.node->member_text(atoms::kAnswerValueSet)});
  }
}

void QuestionnaireCheck::bounds(const QuestionnaireItem& item, const Node& value) {
  const bool quantity = item.type == "quantity";
  bound(item, value, extension_value(*item.node, quantity ? kMinQuantity : kMinValue), true);
  bound(item, value, extension_value(*item.node, quantity ? kMaxQuantity : kMaxValue), false);
  if (quantity) {
    bound(item, value, extension_value(*item.node, kMinValue), true);
    bound(item, value, extension_value(*item.node, kMaxValue), false);
  }
  const Node* places = extension_value(*item.node, kMaxDecimalPlaces);
  if (places != nullptr && value.is_number() && decimals_in(value.text()) > count_of(places)) {
    walk_.report().error(MessageId::AnswerDecimals, value, {item.link_id, places->text()});
  }
}

void QuestionnaireCheck::bound(const QuestionnaireItem& item, const Node& value, const Node* limit,
                               bool is_least) {
  if (limit == nullptr) return;
  const auto order = answer_order(value, *limit);
  if (!order) {
    if (value.is_object()) walk_.report().error(MessageId::AnswerNotComparable, value, {item.link_id});
    return;
  }
  if (is_least && *order < 0) walk_.report().error(MessageId::AnswerBelow, value, {item.link_id});
  if (!is_least && *order > 0) walk_.report().error(MessageId::AnswerAbove, value, {item.link_id});
}

void QuestionnaireCheck::text(const QuestionnaireItem& item, const Node& value) {
  const Node* longest = item.node->find(atoms::kMaxLength);
  if (characters_in(value.text()) > count_of(longest)) {
    walk_.report().error(MessageId::AnswerTooLong, value, {item.link_id, longest->text()});
  }
  if (item.type == "string" && value.text().find_first_of("\r\n") != std::string_view::npos) {
    walk_.report().warning(MessageId::AnswerLineBreak, value, {item.link_id});
  }
  if (item.format == nullptr) return;
  const re2::StringPiece answer(value.text().data(), value.text().size());
  if (!re2::RE2::FullMatch(answer, *item.format)) {
    walk_.report().error(MessageId::AnswerFormat, value, {item.link_id});
  }
}

// questionnaire-referenceResource lists the types of resources that may be referred to.
void QuestionnaireCheck::target(const QuestionnaireItem& item, const Node& value) {
  const Node* list = item.node->find(atoms::kExtension);
  const auto form = parse_reference(walk_.definitions(), value.member_text(atoms::kReference));
  if (list == nullptr || form.type == nullptr) return;
  bool limited = false, allowed = false;
  for (const Node& extension : list->children()) {
    if (extension.member_text(atoms::kUrl) != kReferenceResource) continue;
    const Node* type = choice_member(extension, "value");
    limited = true;
    allowed |= type != nullptr && type->text() == form.type->name.view();
  }
  if (limited && !allowed) {
    walk_.report().error(MessageId::AnswerReference, value, {item.link_id, form.type->name});
  }
}

}  // namespace fhir::validate
