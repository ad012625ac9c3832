// Walking from element to element.
#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/path/machine.h"

namespace fhir::path {
namespace {

// The object that holds an item's members: the element itself, or "_name" beside a primitive.
const Node* members_of(const Value& item) {
  if (item.node != nullptr && item.node->is_object()) return item.node;
  return item.extension;
}

// The type whose elements these are: of a primitive, those that any element has.
TypeId member_type(const Value& item) {
  const bool primitive = item.node == nullptr || !item.node->is_object();
  return primitive && item.type != kNoType ? type_ids::kElement : item.type;
}

const ChoiceElement* find_choice(std::span<const ChoiceElement> choices, TypeId type) {
  const auto found =
      std::lower_bound(choices.begin(), choices.end(), type,
                       [](const ChoiceElement& choice, TypeId id) { return choice.type < id; });
  return found != choices.end() && found->type == type ? &*found : nullptr;
}

}  // namespace

Value root_value(const Definitions& definitions, const Document& document) {
  const Type* type = definitions.find_type(document.root().resource_type());
  const bool resource = type != nullptr && type->kind == TypeKind::Resource;
  return Value::of_node(&document.root(), nullptr, resource ? type->id : kNoType);
}

Value node_value(const Node& node, TypeId type) {
  return Value::of_node(&node, node.primitive_extension(), type);
}

bool Machine::push_element(const Node* value, const Node* extension, TypeId type) {
  if (value != nullptr && value->is_null()) value = nullptr;
  if (extension != nullptr && !extension->is_object()) extension = nullptr;
  if (value == nullptr && extension == nullptr) return true;
  if (value != nullptr && value->is_object() && definitions_->type(type).kind == TypeKind::Resource) {
    const Type* actual = definitions_->find_type(value->resource_type());
    if (actual != nullptr && actual->kind == TypeKind::Resource) type = actual->id;
  }
  return push(Value::of_node(value, extension, type));
}

bool Machine::push_child(const Node* value, const Node* extension, TypeId type) {
  const bool array =
      (value != nullptr && value->is_array()) || (extension != nullptr && extension->is_array());
  if (!array) return push_element(value, extension, type);
  const NodeRange none(nullptr, nullptr);
  const NodeRange values = value != nullptr ? value->children() : none;
  const NodeRange extensions = extension != nullptr ? extension->children() : none;
  auto a = values.begin();
  auto b = extensions.begin();
  while (a != values.end() || b != extensions.end()) {
    const Node* item = a != values.end() ? &*a : nullptr;
    const Node* beside = b != extensions.end() ? &*b : nullptr;
    if (!push_element(item, beside, type)) return false;
    if (item != nullptr) ++a;
    if (beside != nullptr) ++b;
  }
  return true;
}

bool Machine::push_choice(const Step& step, const Value& item) {
  const Node& object = *members_of(item);
  const Type& type = definitions_->type(member_type(item));
  const ChoiceElement* choice = find_choice(step.choices, type.id);
  for (const Node& child : object.children()) {
    const MemberMatch match = find_member(type, child.atom());
    if (!match || match.element != choice->element) continue;
    const Node* beside = child.is_underscored() ? nullptr : object.find_underscored(child.atom());
    if (child.is_underscored() && object.find(child.atom()) != nullptr) continue;
    const Node* value = child.is_underscored() ? nullptr : &child;
    if (!push_child(value, child.is_underscored() ? &child : beside, match.choice->type)) return false;
  }
  return true;
}

bool Machine::push_members(const Step& step, const Value& item) {
  if (item.kind != ValueKind::Node) return push_system_member(step, item);
  const Node* object = members_of(item);
  if (object == nullptr) return true;
  const TypeId type = member_type(item);
  if (!step.choices.empty() && find_choice(step.choices, type) != nullptr) return push_choice(step, item);
  const Node* value = object->find(step.atom);
  const Node* beside = object->find_underscored(step.atom);
  if (value == nullptr && beside == nullptr) return true;
  if (type == kNoType) return push_child(value, beside, kNoType);
  const MemberMatch match = find_member(definitions_->type(type), step.atom);
  if (!match || match.element->is_choice) return true;  // "valueQuantity" is no element's name in FHIRPath
  return push_child(value, beside, match.choice->type);
}

bool Machine::has_member(const Step& step, const Value& item) {
  const std::size_t mark = stack_.size();
  if (!push_members(step, item)) return false;
  const bool found = stack_.size() > mark;
  stack_.resize(mark);
  return found;
}

bool Machine::push_system_member(const Step& step, const Value& item) {
  const std::string_view name = program_->names[step.data];
  if (item.kind == ValueKind::TypeInfo) {
    if (name == "name") return push(Value::of_string(item.string()));
    return name != "namespace" || push(Value::of_string(item.is_fhir_type ? "FHIR" : "System"));
  }
  if (item.kind != ValueKind::Quantity) return true;
  if (name == "value") return push(Value::of_decimal(&item.quantity->value));
  const bool unit = name == "unit" || (name == "code" && !item.quantity->is_calendar);
  return !unit || push(Value::of_string(item.quantity->unit));
}

bool Machine::push_member_node(const Value& item, const Node& child) {
  const Node& object = *members_of(item);
  TypeId child_type = kNoType;
  const TypeId type = member_type(item);
  if (type != kNoType) {
    const MemberMatch match = find_member(definitions_->type(type), child.atom());
    if (!match) return true;
    child_type = match.choice->type;
  } else if (child.atom() == atoms::kResourceType) {
    return true;
  }
  if (!child.is_underscored()) return push_child(&child, object.find_underscored(child.atom()), child_type);
  return object.find(child.atom()) != nullptr || push_child(nullptr, &child, child_type);
}

bool Machine::push_children(const Value& item) {
  if (item.kind != ValueKind::Node) return true;
  const Node* object = members_of(item);
  if (object == nullptr) return true;
  for (const Node& child : object->children()) {
    if (!push_member_node(item, child)) return false;
  }
  return true;
}

// Level by level: the items found so far are the queue.
bool Machine::eval_descendants(std::size_t mark) {
  const std::size_t inputs = stack_.size();
  for (std::size_t i = mark; i < stack_.size(); ++i) {
    const Value item = stack_[i];
    if (!push_children(item)) return false;
  }
  keep_from(mark, inputs);
  return true;
}

bool Machine::eval_type_root(const Step& step, const Scope& scope) {
  if (!scope.present) return true;
  const bool matches =
      scope.item.kind == ValueKind::Node && definitions_->is_a(scope.item.type, step.type.fhir);
  return !matches || push(scope.item);
}

const Node* Machine::extension_list(const Value& item) const {
  const Node* object = item.kind == ValueKind::Node ? members_of(item) : nullptr;
  return object != nullptr ? object->find(atoms::kExtension) : nullptr;
}

}  // namespace fhir::path
