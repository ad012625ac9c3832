// References: form, target, resolution inside the document.
#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/reference_form.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {
namespace {

const TypeChoice* reference_choice(const Element* via) {
  if (via == nullptr) return nullptr;
  for (const TypeChoice& choice : via->types) {
    if (choice.type == type_ids::kReference) return &choice;
  }
  return nullptr;
}

bool is_allowed(const Definitions& definitions, const Type& target, const Slice<TypeId>& allowed) {
  if (allowed.empty()) return true;
  for (const TypeId id : allowed) {
    if (definitions.is_a(target.id, id)) return true;
  }
  return false;
}

std::string names_of(const Definitions& definitions, const Slice<TypeId>& types) {
  std::string out;
  for (const TypeId id : types) {
    if (!out.empty()) out += ", ";
    out += definitions.type(id).name.view();
  }
  return out;
}

}  // namespace

const Node* Walk::find_contained(const Scope& scope, std::string_view id) {
  const Scope& container = scope.container();
  if (contained_owner_ != container.resource) {
    contained_owner_ = container.resource;
    contained_.clear();
    const Node* list = container.resource->find(atoms::kContained);
    if (list != nullptr && list->is_array()) {
      for (const Node& one : list->children()) contained_.try_emplace(one.member_text(atoms::kId), &one);
    }
  }
  const auto found = contained_.find(id);
  return found == contained_.end() ? nullptr : found->second;
}

const Node* Walk::resolve(std::string_view reference, const Scope& scope) {
  if (!reference.empty() && reference.front() == '#') {
    return reference.size() == 1 ? scope.container().resource : find_contained(scope, reference.substr(1));
  }
  if (bundle_node_ == nullptr) return nullptr;
  const BundleMatch match = bundle_.find(reference, bundle_.entry_of(*scope.resource));
  return match.entry == nullptr ? nullptr : match.entry->resource;
}

void Walk::check_target(const Node& node, const Type& target, const Slice<TypeId>& allowed, bool seen) {
  if (is_allowed(data_.definitions, target, allowed)) return;
  // What lies outside was not seen: the URL only suggests its type.
  report_.add(seen ? Severity::Error : Severity::Warning, MessageId::ReferenceTarget, node,
              {target.name, names_of(data_.definitions, allowed)});
}

// Resolution with findings. Null: not in the document.
const Node* Walk::resolve_checked(const Node& node, std::string_view text, const Scope& scope) {
  if (text.front() == '#') {
    const Node* found = resolve(text, scope);
    if (found == nullptr) report_.error(MessageId::ReferenceNotContained, node, {text});
    return found;
  }
  if (bundle_node_ == nullptr) return nullptr;
  const BundleMatch match = bundle_.find(text, bundle_.entry_of(*scope.resource));
  if (match.count > 1) {
    const std::string count = std::to_string(match.count);
    report_.error(MessageId::ReferenceAmbiguous, node, {count, text});
  }
  return match.entry == nullptr ? nullptr : match.entry->resource;
}

void Walk::reference(const Node& node, const Scope& scope, const Element* via) {
  const Node* member = node.find(atoms::kReference);
  const TypeChoice* choice = reference_choice(via);
  const auto stated = node.member_text(atoms::kType);
  const Type* stated_type = stated.empty() ? nullptr : data_.definitions.find_type(stated);
  if (member == nullptr || !member->is_string() || member->text().empty()) {
    if (stated_type != nullptr && choice != nullptr) check_target(node, *stated_type, choice->targets, false);
    return;
  }
  const auto text = member->text();
  const ReferenceForm form = parse_reference(data_.definitions, text);
  if (form.kind == ReferenceKind::Malformed) {
    report_.warning(MessageId::ReferenceForm, node, {text});
    return;
  }
  const Node* found = resolve_checked(node, text, scope);
  const Type* target = found == nullptr ? form.type : data_.definitions.find_type(found->resource_type());
  if (found != nullptr && form.type != nullptr && target != nullptr && target != form.type) {
    report_.error(MessageId::ReferenceTypeMismatch, node, {form.type->name, target->name});
  }
  if (target == nullptr) target = stated_type;
  if (target != nullptr && choice != nullptr) check_target(node, *target, choice->targets, found != nullptr);
}

}  // namespace fhir::validate
