#include "fhir-model/validate/value_steps.h"

#include "fhir-model/definitions/generated/type_ids.h"

namespace fhir::validate {
namespace {

path::Value made(const Definitions& definitions, const Node* node, const Node* extension, TypeId type) {
  const bool is_resource = node != nullptr && definitions.type(type).kind == TypeKind::Resource;
  if (is_resource) {
    const Type* own = definitions.find_type(node->resource_type());
    if (own != nullptr) type = own->id;
  }
  return path::Value::of_node(node, extension, type);
}

void push(ProfileScratch& scratch, const path::Value& value) {
  scratch.items.push_back(value);
  scratch.owners.push_back(0);
}

// Items of an array and of its counterpart, side by side.
void push_array(const Definitions& definitions, const Node& list, const Node* extensions, TypeId type,
                ProfileScratch& scratch) {
  const Node* extension = extensions != nullptr && extensions->is_array() ? extensions + 1 : nullptr;
  const Node* end = extension == nullptr ? nullptr : extensions + extensions->span();
  for (const Node& item : list.children()) {
    const bool extended = extension != nullptr && extension != end && extension->is_object();
    const Node* beside = extended ? extension : nullptr;
    if (!item.is_null()) {
      push(scratch, made(definitions, &item, beside, type));
    } else if (beside != nullptr) {
      push(scratch, made(definitions, nullptr, beside, type));
    }
    if (extension != nullptr && extension != end) extension += extension->span();
  }
}

void push_member(const Definitions& definitions, const Node& child, TypeId type, ProfileScratch& scratch) {
  const Node* other =
      child.parent() != nullptr && child.parent()->has_underscored_members() ? child.counterpart() : nullptr;
  if (child.is_underscored()) {
    if (other != nullptr) return;  // comes with the value
    if (!child.is_array()) return push(scratch, made(definitions, nullptr, &child, type));
    for (const Node& item : child.children()) {
      if (item.is_object()) push(scratch, made(definitions, nullptr, &item, type));
    }
    return;
  }
  if (child.is_array()) return push_array(definitions, child, other, type, scratch);
  if (!child.is_null()) push(scratch, made(definitions, &child, other, type));
}

}  // namespace

void push_elements(const Definitions& definitions, const path::Value& value, std::string_view name,
                   bool choice, ProfileScratch& scratch) {
  if (value.kind != path::ValueKind::Node) return;
  const Type& type = definitions.type(value.type);
  const Node* owner = value.node != nullptr && value.node->is_object() ? value.node : value.extension;
  if (owner == nullptr || !owner->is_object()) return;
  for (const Node& child : owner->children()) {
    if (!choice && child.name() != name) continue;
    const MemberMatch match = find_member(type, child.atom());
    if (!match) continue;
    const auto element = match.element->name.view();
    if (choice && (element.size() != name.size() + 3 || !match.element->is_choice ||
                   element.substr(0, name.size()) != name)) {
      continue;
    }
    push_member(definitions, child, match.choice->type, scratch);
  }
}

}  // namespace fhir::validate
