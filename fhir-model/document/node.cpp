#include "fhir-model/document/node.h"

#include "fhir-model/definitions/generated/atoms.h"

namespace fhir {

const Node* Node::find(std::string_view json_name) const {
  if (!is_object()) return nullptr;
  for (const Node& child : children()) {
    if (child.json_name() == json_name) return &child;
  }
  return nullptr;
}

const Node* Node::counterpart() const {
  const Node* object = parent();
  if (object == nullptr || !object->is_object() || !object->has_underscored_members()) return nullptr;
  for (const Node& member : object->children()) {
    if (member.is_underscored() != is_underscored() && member.name() == name()) return &member;
  }
  return nullptr;
}

const Node* Node::primitive_extension() const {
  const Node* container = parent();
  if (container == nullptr) return nullptr;
  if (container->is_object()) {
    const Node* other = counterpart();
    return other != nullptr && other->is_underscored() && other->is_object() ? other : nullptr;
  }
  const Node* others = container->counterpart();
  if (others == nullptr || !others->is_underscored() || !others->is_array()) return nullptr;
  std::size_t steps = index_in_parent();
  for (const Node& item : others->children()) {
    if (steps-- == 0) return item.is_object() ? &item : nullptr;
  }
  return nullptr;
}

std::size_t Node::index_in_parent() const {
  const Node* container = parent();
  if (container == nullptr) return 0;
  std::size_t index = 0;
  for (const Node& child : container->children()) {
    if (&child == this) break;
    ++index;
  }
  return index;
}

std::string_view Node::resource_type() const {
  const Node* member = find(atoms::kResourceType);
  return member != nullptr && member->is_string() ? member->text() : std::string_view{};
}

std::string_view Node::member_text(Atom atom) const {
  const Node* member = find(atom);
  return member != nullptr && member->is_primitive() ? member->text() : std::string_view{};
}

}  // namespace fhir
