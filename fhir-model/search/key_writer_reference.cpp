// References.
#include "fhir-model/definitions/definitions.h"
#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/search/key_writer.h"
#include "fhir-model/search/reference_text.h"

namespace fhir::search {
namespace {

TypeId resource_type_named(std::string_view name) {
  if (name.empty()) return kNoType;
  const Type* type = Definitions::r4().find_type(name.substr(name.rfind('/') + 1));
  return type != nullptr && type->kind == TypeKind::Resource ? type->id : kNoType;
}

// The type of the contained resource "#id"; "#" alone is the container itself.
TypeId contained_type(const Node& resource, std::string_view fragment) {
  const std::string_view id = fragment.substr(1);
  if (id.empty()) return resource_type_named(resource.resource_type());
  const Node* list = resource.find(atoms::kContained);
  if (list == nullptr) return kNoType;
  for (const Node& contained : list->children()) {
    if (contained.member_text(atoms::kId) == id) return resource_type_named(contained.resource_type());
  }
  return kNoType;
}

}  // namespace

void KeyWriter::reference(const Node& node) {
  if (!node.is_object()) return;
  const std::string_view text = node.member_text(atoms::kReference);
  const TypeId stated = resource_type_named(node.member_text(atoms::kType));
  if (text.starts_with('#')) {
    ++keys_->contained_references_;
  } else if (!text.empty()) {
    ReferenceKey key = parse_reference(text, options_);
    if (key.type == kNoType) key.type = stated;
    add(key, node);
  }
  if (const Node* identifier = node.find(atoms::kIdentifier)) reference_identifier(*identifier, stated);
}

bool KeyWriter::refers_to(const Node& reference, TypeId type) const {
  const std::string_view text = reference.member_text(atoms::kReference);
  TypeId target = kNoType;
  if (text.starts_with('#')) {
    target = contained_type(*resource_, text);
  } else if (!text.empty()) {
    target = parse_reference(text, options_).type;
  }
  if (target == kNoType) target = resource_type_named(reference.member_text(atoms::kType));
  return target != kNoType && Definitions::r4().is_a(target, type);
}

void KeyWriter::reference_identifier(const Node& identifier, TypeId type) {
  const std::string_view value = identifier.member_text(atoms::kValue);
  const std::string_view system = identifier.member_text(atoms::kSystem);
  if (!value.empty() || !system.empty()) add(ReferenceIdentifierKey{system, value, type}, identifier);
}

void KeyWriter::canonical(const Node& node) {
  if (!node.is_string()) return;
  if (node.text().starts_with('#')) {
    ++keys_->contained_references_;
    return;
  }
  add(parse_canonical(node.text()), node);
}

void KeyWriter::held_resource(const Node& node) {
  const TypeId type = resource_type_named(node.resource_type());
  const std::string_view id = node.member_text(atoms::kId);
  if (type != kNoType && !id.empty()) add(ReferenceKey{{}, id, {}, type, ReferenceForm::Local}, node);
}

}  // namespace fhir::search
