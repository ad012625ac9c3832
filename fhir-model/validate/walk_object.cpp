// Structure: members, cardinality, arrays, choices.
#include <bit>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/place.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {
namespace {

constexpr int kMaxElementDepth = 200;

std::string count_text(std::size_t count) {
  return std::to_string(count);
}

bool is_comment_member(const Node& child) {
  return child.json_name() == "fhir_comments";
}

}  // namespace

std::uint64_t Walk::object(const Node& node, const TypePlan& plan, const Scope& scope, const Element* via) {
  if (++depth_ > kMaxElementDepth) {
    report_.error(MessageId::LimitDepth, node, {count_text(kMaxElementDepth)});
    --depth_;
    return 0;
  }
  const std::size_t mark = report_.size();
  std::uint64_t seen = 0;
  for (const Node& child : node.children()) member(node, child, plan, scope, seen);
  --depth_;
  const std::size_t below = report_.size();
  if (node.child_count() == 0 && node.has_position()) {
    report_.error(MessageId::EmptyObject, node, {node.name()});
  } else if ((seen & ~plan.ids) == 0 && plan.special != SpecialType::Resource && extended_ != &node) {
    report_.error(MessageId::InvariantFailed, node,
                  {"ele-1", "All FHIR elements must have a @value or children"});
  }
  if (const std::uint64_t missing = plan.required & ~seen; missing != 0) report_missing(node, plan, missing);
  special(node, plan, scope, via);
  if (!plan.rules.empty()) check_rules(plan.rules, path::node_value(node, plan.type->id), scope, node);
  if (report_.size() != below) report_.move_forward(below, mark);
  return seen;
}

void Walk::report_missing(const Node& node, const TypePlan& plan, std::uint64_t missing) {
  for (; missing != 0; missing &= missing - 1) {
    const Element& element = plan.type->elements[static_cast<std::size_t>(std::countr_zero(missing))];
    if (plan.special == SpecialType::Extension && element.atom == atoms::kUrl) {
      report_.error(MessageId::ExtensionUrlMissing, node);
      continue;
    }
    report_.error(MessageId::MinimumMissing, node, {element.path, count_text(element.min), "0"});
  }
}

void Walk::member(const Node& owner, const Node& child, const TypePlan& plan, const Scope& scope,
                  std::uint64_t& seen) {
  if (child.is_duplicate()) {
    report_.error(MessageId::DuplicateMember, child, {child.json_name()});
    return;
  }
  const MemberMatch match = find_member(*plan.type, child.atom());
  if (!match) return unknown_member(owner, child, plan);
  const std::uint64_t bit = std::uint64_t{1} << match.element->index;
  if (match.element->is_choice && (seen & bit) != 0) several_choices(owner, child, match);
  seen |= bit;
  if (child.is_underscored()) return underscored(child, match, scope);
  const ElementPlan& element = plan.elements[match.element->index];
  if (child.is_array()) return array(child, match, element, scope);
  if (match.element->is_array) report_.error(MessageId::ArrayWanted, child, {child.name()});
  value(child, match, element, scope);
}

void Walk::unknown_member(const Node& owner, const Node& child, const TypePlan& plan) {
  const bool is_resource = plan.special == SpecialType::Resource;
  if (is_resource && child.atom() == atoms::kResourceType && !child.is_underscored()) return;
  if (is_comment_member(child)) return;
  static_cast<void>(owner);
  report_.error(MessageId::UnknownMember, child, {child.json_name(), plan.type->name});
}

void Walk::several_choices(const Node& owner, const Node& child, const MemberMatch& match) {
  for (const Node& earlier : owner.children()) {
    if (&earlier == &child) return;
    const bool same_element =
        earlier.name() != child.name() &&
        find_member(data_.definitions.type(match.element->owner), earlier.atom()).element == match.element;
    if (same_element) return report_.error(MessageId::SeveralChoices, child, {match.element->path});
  }
}

void Walk::array(const Node& list, const MemberMatch& match, const ElementPlan& plan, const Scope& scope) {
  if (!match.element->is_array) report_.error(MessageId::ArrayNotWanted, list, {list.name()});
  if (list.child_count() == 0) return report_.error(MessageId::EmptyArray, list, {list.name()});
  if (match.element->max != Element::kUnbounded && list.child_count() > match.element->max) {
    report_.error(MessageId::MaximumExceeded, list,
                  {match.element->path, count_text(match.element->max), count_text(list.child_count())});
  }
  const Node* extensions = nullptr;
  bool looked = false;
  std::size_t index = 0;
  for (const Node& item : list.children()) {
    if (!item.is_null()) {
      value(item, match, plan, scope);
    } else {
      if (!looked) extensions = list.counterpart();
      looked = true;
      const bool extended =
          extensions != nullptr && extensions->is_array() && extensions->child_count() > index;
      if (!extended) report_.error(MessageId::NullValue, item, {list.name()});
    }
    ++index;
  }
}

void Walk::underscored(const Node& child, const MemberMatch& match, const Scope& scope) {
  if (!data_.definitions.type(match.choice->type).is_primitive()) {
    return report_.error(MessageId::NoUnderscore, child, {child.json_name()});
  }
  if (!child.is_array()) {
    if (match.element->is_array) report_.error(MessageId::ArrayWanted, child, {child.json_name()});
    return extensions_of_primitive(child, match, scope, child.counterpart() != nullptr);
  }
  if (!match.element->is_array) report_.error(MessageId::ArrayNotWanted, child, {child.json_name()});
  if (child.child_count() == 0) return report_.error(MessageId::EmptyArray, child, {child.json_name()});
  const Node* values = child.counterpart();
  const bool aligned =
      values == nullptr || !values->is_array() || values->child_count() == child.child_count();
  if (!aligned) report_.error(MessageId::UnderscoreMisaligned, child, {child.json_name()});
  const Node* value =
      values != nullptr && values->is_array() && values->child_count() != 0 ? values + 1 : nullptr;
  const Node* end = value == nullptr ? nullptr : values + values->span();
  for (const Node& item : child.children()) {
    const bool has_value = value != nullptr && value != end && !value->is_null();
    if (!item.is_null()) {
      extensions_of_primitive(item, match, scope, has_value);
    } else if (!has_value) {
      report_.error(MessageId::NullValue, item, {child.json_name()});
    }
    if (value != nullptr && value != end) value += value->span();
  }
}

void Walk::extensions_of_primitive(const Node& child, const MemberMatch& match, const Scope& scope,
                                   bool has_value) {
  if (!child.is_object()) {
    return report_.error(MessageId::ObjectWanted, child, {child.json_name(), "Element"});
  }
  if (has_value) extended_ = &child;
  // Its members are those of every element: the primitive type has them in its own table.
  object(child, data_.plans.of(match.choice->type), scope, match.element);
}

void Walk::value(const Node& node, const MemberMatch& match, const ElementPlan& plan, const Scope& scope) {
  if (node.is_null()) return report_.error(MessageId::NullValue, node, {node.name()});
  if (data_.definitions.type(match.choice->type).is_primitive()) return primitive(node, match, plan, scope);
  complex_value(node, match, plan, scope);
}

void Walk::complex_value(const Node& node, const MemberMatch& match, const ElementPlan& plan,
                         const Scope& scope) {
  const TypePlan& type = data_.plans.of(match.choice->type);
  if (!node.is_object()) {
    return report_.error(MessageId::ObjectWanted, node, {match.element->name, type.type->name});
  }
  if (type.special == SpecialType::Resource) {
    const bool contained = match.element->atom == atoms::kContained;
    return resource(node, &scope, contained, scope.resource == bundle_node_ && !contained);
  }
  object(node, type, scope, match.element);
  if (plan.binding.strength != BindingStrength::None) check_binding(node, type.type->id, plan.binding);
  for (const Text& profile : match.choice->profiles) {
    const Type* constrained = data_.definitions.find_type_by_url(profile);
    if (constrained != nullptr && constrained->is_profile) {
      check_rules(data_.plans.of(constrained->id).rules, path::node_value(node, type.type->id), scope, node);
    }
  }
  if (!plan.rules.empty()) check_rules(plan.rules, path::node_value(node, type.type->id), scope, node);
}

}  // namespace fhir::validate
