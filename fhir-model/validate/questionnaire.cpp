#include "fhir-model/validate/questionnaire.h"

#include <re2/re2.h>

#include <array>

#include "fhir-model/definitions/generated/atoms.h"

namespace fhir::validate {
namespace {

// Extensions whose expression says whether an item is enabled: that of Structured Data Capture, and the older
// one of Finland's Kanta services.
constexpr std::array<std::string_view, 2> kConditions = {
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression",
    "http://phr.kanta.fi/StructureDefinition/fiphr-ext-questionnaire-enablewhen"};

std::shared_ptr<const path::Program> condition_of(const Definitions& definitions, const Node& item) {
  for (const auto url : kConditions) {
    const Node* value = extension_value(item, url);
    if (value == nullptr) continue;
    const auto text = value->is_object() ? value->member_text(atoms::kExpression) : value->text();
    path::CompileOptions options;
    options.as_filters = true;
    auto program = path::Program::compile(definitions, text, options);
    // One that cannot be understood says nothing about the item.
    if (program) return std::make_shared<const path::Program>(std::move(*program));
  }
  return nullptr;
}

// RE2 runs in linear time. A pattern that it does not know is no reason to refuse an answer.
std::shared_ptr<const re2::RE2> format_of(const Node& item) {
  const Node* format = extension_value(item, "http://hl7.org/fhir/StructureDefinition/regex");
  if (format == nullptr) return nullptr;
  const re2::StringPiece text(format->text().data(), format->text().size());
  auto pattern = std::make_shared<const re2::RE2>(text, re2::RE2::Quiet);
  return pattern->ok() ? pattern : nullptr;
}

}  // namespace

const Node* choice_member(const Node& owner, std::string_view name) {
  for (const Node& member : owner.children()) {
    if (!member.is_underscored() && member.name().substr(0, name.size()) == name) return &member;
  }
  return nullptr;
}

const Node* extension_value(const Node& element, std::string_view url) {
  const Node* list = element.find(atoms::kExtension);
  if (list == nullptr || !list->is_array()) return nullptr;
  for (const Node& extension : list->children()) {
    if (extension.member_text(atoms::kUrl) == url) return choice_member(extension, "value");
  }
  return nullptr;
}

Questionnaire::Questionnaire(const Definitions& definitions, const Terminology& terminology,
                             const Node& resource)
    : definitions_(definitions), terminology_(terminology), resource_(&resource) {
  add(resource, QuestionnaireItem::kTop);
  for (std::uint32_t i = 0; i < items_.size(); ++i) by_link_id_.try_emplace(items_[i].link_id, i);
}

std::uint32_t Questionnaire::find(std::string_view link_id) const {
  const auto found = by_link_id_.find(link_id);
  return found == by_link_id_.end() ? QuestionnaireItem::kTop : found->second;
}

// A reader's limit bounds how deep items can lie within items.
void Questionnaire::add(const Node& owner, std::uint32_t parent) {
  const Node* list = owner.find(atoms::kItem);
  if (list == nullptr || !list->is_array()) return;
  for (const Node& node : list->children()) {
    if (!node.is_object()) continue;
    const auto number = static_cast<std::uint32_t>(items_.size());
    items_.push_back(read(node));
    items_.back().parent = parent;
    add(node, number);
    items_[number].span = static_cast<std::uint32_t>(items_.size()) - number;
  }
}

QuestionnaireItem Questionnaire::read(const Node& node) {
  QuestionnaireItem item;
  item.node = &node;
  item.link_id = node.member_text(atoms::kLinkId);
  item.type = node.member_text(atoms::kType);
  item.required = node.member_text(atoms::kRequired) == "true";
  item.repeats = node.member_text(atoms::kRepeats) == "true";
  item.format = format_of(node);
  item.condition = condition_of(definitions_, node);
  item.answers = answer_set(node.member_text(atoms::kAnswerValueSet));
  return item;
}

SetHandle Questionnaire::answer_set(std::string_view url) {
  if (url.empty()) return {};
  if (url.front() != '#') return terminology_.find_set(url);
  const Node* contained = resource_->find(atoms::kContained);
  if (contained == nullptr) return {};
  for (const Node& one : contained->children()) {
    if (one.member_text(atoms::kId) != url.substr(1) || one.resource_type() != "ValueSet") continue;
    contained_sets_.push_back(Terminology::read_value_set(one));
    return {nullptr, contained_sets_.back().get()};
  }
  return {};
}

}  // namespace fhir::validate
