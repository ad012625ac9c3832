#include "fhir-model/validate/extension_context.h"

#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/place.h"

namespace fhir::validate {
namespace {

constexpr std::string_view kPublishing = "http://hl7.org/fhir/StructureDefinition/structuredefinition-";

// Follows the line of nodes from the resource down to the bearer.
struct Found {
  const Type* type = nullptr;
  const Element* element = nullptr;
};

Found find_type_of(const Definitions& definitions, const Scope& scope, const Node& bearer) {
  if (&bearer == scope.resource) return {scope.type, nullptr};
  const Node* owner = bearer.parent();
  if (owner != nullptr && owner->is_array()) owner = owner->parent();
  if (owner == nullptr) return {};
  const Found above = find_type_of(definitions, scope, *owner);
  if (above.type == nullptr) return {};
  const Node& named = bearer.parent()->is_array() ? *bearer.parent() : bearer;
  const MemberMatch match = find_member(*above.type, named.atom());
  if (!match) return {};
  return {&definitions.type(match.choice->type), match.element};
}

std::string without_choice_marks(std::string_view path) {
  std::string out(path);
  for (auto at = out.find("[x]"); at != std::string::npos; at = out.find("[x]")) out.erase(at, 3);
  return out;
}

std::string contexts_of(const Profile& extension) {
  std::string out;
  for (const auto& context : extension.contexts)
    out.append(out.empty() ? "" : ", ").append(context.expression);
  return out;
}

}  // namespace

ExtensionPlace::ExtensionPlace(Walk& walk, const Scope& scope, const Node& bearer)
    : walk_(walk), scope_(scope), bearer_(bearer) {
  const Found found = find_type_of(walk.definitions(), scope, bearer);
  type_ = found.type;
  element_ = found.element;
}

path::Value ExtensionPlace::value() const {
  if (!bearer_.is_underscored()) return path::node_value(bearer_, type_->id);
  return path::Value::of_node(bearer_.counterpart(), &bearer_, type_->id);
}

bool ExtensionPlace::is_of_type(std::string_view name) const {
  const Type* wanted = walk_.definitions().find_type(name);
  return wanted != nullptr && walk_.definitions().is_a(type_->id, wanted->id);
}

bool ExtensionPlace::has_url_element() const {
  return find_member(*type_, atoms::kUrl).element != nullptr;
}

bool ExtensionPlace::fits_element(std::string_view expression) {
  // URLs of types and profiles, with a path behind "#".
  if (const auto hash = expression.find('#'); hash != std::string_view::npos)
    expression.remove_prefix(hash + 1);
  if (expression.substr(0, 5) == "http:") expression.remove_prefix(expression.rfind('/') + 1);
  if (expression == "Element" || is_of_type(expression)) return true;
  const bool canonical = expression == "CanonicalResource" || expression == "MetadataResource";
  if (canonical && element_ == nullptr && has_url_element()) return true;
  if (element_ == nullptr) return false;
  const std::string wanted = without_choice_marks(expression);
  if (without_choice_marks(element_->path) == wanted) return true;
  // Inherited elements: "DomainResource.text"; elements of the data types that the path leads through.
  const auto dot = wanted.rfind('.');
  if (dot == std::string::npos) return false;
  const std::string_view last = std::string_view(wanted).substr(dot + 1);
  const auto name = element_->name.view();
  const auto bare = name.ends_with("[x]") ? name.substr(0, name.size() - 3) : name;
  const Type* owner = walk_.definitions().find_type(wanted.substr(0, dot));
  if (owner != nullptr && bare == last && walk_.definitions().is_a(element_->owner, owner->id)) return true;
  return element_path_of(bearer_) == wanted;
}

bool ExtensionPlace::fits(const ExtensionContext& context) {
  switch (context.kind) {
    case ExtensionContext::Kind::Element:
      return fits_element(context.expression);
    case ExtensionContext::Kind::Extension:
      return type_->id == type_ids::kExtension && bearer_.member_text(atoms::kUrl) == context.expression;
    case ExtensionContext::Kind::Path:
      break;
  }
  if (context.program == nullptr) return true;
  path::EvaluationInput input;
  input.context = path::node_value(*scope_.resource, scope_.type->id);
  const auto found = walk_.evaluator().evaluate(*context.program, input);
  if (!found) return true;
  const path::Value own = value();
  return std::any_of(found->begin(), found->end(), [&](const path::Value& one) {
    if (one.kind == path::ValueKind::Boolean) return one.boolean;
    return one.kind == path::ValueKind::Node && one.node == own.node && one.extension == own.extension;
  });
}

void ExtensionPlace::check(const Profile& extension, const Node& node, std::string_view url, bool modifier) {
  if (type_ == nullptr) return;
  if (extension.is_modifier != modifier) {
    walk_.report().error(MessageId::ExtensionModifierMisplaced, node,
                         {url, extension.is_modifier ? "modifierExtension" : "extension"});
  }
  const auto& contexts = extension.contexts;
  // The extensions by which FHIR publishes itself stand on all conformance resources, whatever their contexts
  // say.
  const bool own = url.substr(0, kPublishing.size()) == kPublishing;
  const bool placed =
      own || contexts.empty() ||
      std::any_of(contexts.begin(), contexts.end(), [&](const ExtensionContext& one) { return fits(one); });
  if (!placed) {
    const std::string here = element_ == nullptr ? std::string(type_->name.view()) : element_path_of(bearer_);
    walk_.report().error(MessageId::ExtensionContext, bearer_, {url, here, contexts_of(extension)});
  }
  for (const ProfileRule& rule : extension.context_invariants) {
    if (walk_.holds(*rule.program, value(), scope_, rule.key, node)) continue;
    walk_.report().error(MessageId::ExtensionContextInvariant, bearer_, {url, rule.key});
  }
}

}  // namespace fhir::validate
