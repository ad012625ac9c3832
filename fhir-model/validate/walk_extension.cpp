// Extensions: known, in place, with a value of the right kind.
#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/extension_context.h"
#include "fhir-model/validate/format.h"
#include "fhir-model/validate/profile_check.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {
namespace {

bool is_always_allowed(std::string_view url) {
  return url.find("nema.org") != std::string_view::npos ||
         url.substr(0, 45) == "http://hl7.org/fhir/tools/StructureDefinition";
}

// An extension or modifierExtension inside of another extension is named by it, without a URL of its own.
bool is_inner(std::string_view url) {
  return !is_absolute_uri(url);
}

bool has_value(const Node& node) {
  for (const Node& child : node.children()) {
    if (child.name().substr(0, 5) == "value") return true;
  }
  return false;
}

// The element that bears an extension: the object around the list.
const Node* bearer_of(const Node& extension) {
  const Node* list = extension.parent();
  return list != nullptr && list->is_array() ? list->parent() : list;
}

}  // namespace

void Walk::extension(const Node& node, const Scope& scope, const Element* via) {
  const bool nested = node.find(atoms::kExtension) != nullptr;
  if (nested == has_value(node)) {
    report_.error(MessageId::InvariantFailed, node,
                  {"ext-1", "Must have either extensions or value[x], not both"});
  }
  const Node* url_node = node.find(atoms::kUrl);
  if (url_node == nullptr) return;
  const auto url = url_node->text();
  if (url.empty()) return report_.error(MessageId::ExtensionUrlMissing, node);
  if (is_inner(url)) return;
  const bool modifier = via != nullptr && via->atom == atoms::kModifierExtension;
  const Profile* known = data_.profiles.find(url);
  if (known == nullptr || !known->is_extension) return unknown_extension(node, url, modifier);
  if (bare_canonical(url) != url) report_.error(MessageId::ExtensionUrlVersion, node);
  const Node* bearer = bearer_of(node);
  if (bearer != nullptr) {
    ExtensionPlace place(*this, scope, *bearer);
    place.check(*known, node, url, modifier);
  }
  ProfileCheck(*this).check(*known, path::node_value(node, type_ids::kExtension), scope);
}

void Walk::unknown_extension(const Node& node, std::string_view url, bool modifier) {
  const bool example = options_->example_urls_allowed && is_example_url(url);
  if (example || is_always_allowed(url)) return report_.information(MessageId::ExtensionUnknown, node, {url});
  if (modifier) return report_.error(MessageId::ModifierExtensionUnknown, node, {url});
  if (options_->unknown_extensions_allowed) {
    return report_.information(MessageId::ExtensionUnknown, node, {url});
  }
  report_.error(MessageId::ExtensionUnknownRefused, node, {url});
}

}  // namespace fhir::validate
