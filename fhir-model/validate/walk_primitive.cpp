// Simple values: JSON form, format, narrative.
#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/path/decimal.h"
#include "fhir-model/path/narrative.h"
#include "fhir-model/validate/format.h"
#include "fhir-model/validate/narrative_links.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {
namespace {

std::string_view json_word(JsonForm form) {
  switch (form) {
    case JsonForm::Number:
      return "number";
    case JsonForm::Boolean:
      return "boolean";
    default:
      return "string";
  }
}

// The type for the message: those of whole numbers differ in their bounds.
std::string_view type_word(const Type& type) {
  return type.name;
}

}  // namespace

bool Walk::has_wrong_json_type(const Node& node, const Type& type) {
  const bool fits = type.json_form == JsonForm::Number    ? node.is_number()
                    : type.json_form == JsonForm::Boolean ? node.is_boolean()
                                                          : node.is_string();
  if (fits) return false;
  if (document_->is_xml()) return false;  // XML has texts only: the format decides
  report_.error(MessageId::WrongJsonType, node, {node.name(), type.name, json_word(type.json_form)});
  return true;
}

void Walk::primitive(const Node& node, const MemberMatch& match, const ElementPlan& plan,
                     const Scope& scope) {
  const Type& type = data_.definitions.type(match.choice->type);
  if (!node.is_primitive()) {
    return report_.error(MessageId::PrimitiveWanted, node, {match.element->name, type.name});
  }
  if (has_wrong_json_type(node, type)) return;
  const MessageId problem = check_format(type.id, node.text());
  if (problem == MessageId::SurroundingSpace) {
    report_.warning(problem, node);
  } else if (problem != kFormatFits) {
    report_.error(problem, node, {problem == MessageId::EmptyText ? node.name() : type_word(type)});
    if (problem != MessageId::EmptyText) return;
  }
  if (type.id == type_ids::kDecimal && problem == kFormatFits && !path::Decimal::parse(node.text())) {
    const auto digits = std::to_string(path::Decimal::kMaxDigits);
    report_.warning(MessageId::DecimalTooLong, node, {digits, std::to_string(path::Decimal::kMaxExponent)});
  }
  const bool is_url = type.id == type_ids::kUrl || match.element->atom == atoms::kUrl;
  if (is_url && !options_->example_urls_allowed && is_example_url(node.text())) {
    report_.error(MessageId::ExampleUrl, node, {node.text()});
  }
  if (type.id == type_ids::kXhtml) narrative(node, scope);
  if (plan.binding.strength != BindingStrength::None && problem != MessageId::EmptyText) {
    check_binding(node, type.id, plan.binding);
  }
  if (!plan.rules.empty())
    check_rules(plan.rules, path::Value::of_node(&node, nullptr, type.id), scope, node);
}

void Walk::narrative(const Node& node, const Scope& scope) {
  if (!path::is_safe_narrative(node.text())) {
    return report_.error(MessageId::NarrativeUnsafe, node, {"txt-1, txt-2"});
  }
  Anchors anchors(*scope.resource, node.text());
  const auto leads_nowhere = [&](std::string_view link) {
    return link.size() > 1 && link.front() == '#' && !anchors.contains(link.substr(1));
  };
  for_each_link(node.text(), "<a ", "href=", [&](std::string_view link) {
    if (!is_link_scheme(link)) report_.error(MessageId::NarrativeLinkScheme, node, {link});
    if (leads_nowhere(link)) report_.error(MessageId::NarrativeLinkBroken, node, {link});
  });
  for_each_link(node.text(), "<img ", "src=", [&](std::string_view link) {
    if (leads_nowhere(link)) report_.error(MessageId::NarrativeLinkBroken, node, {link});
  });
}

}  // namespace fhir::validate
