// FHIR's additions to FHIRPath (R4 fhirpath.html §2.9.1.3).
#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/path/machine.h"
#include "fhir-model/path/narrative.h"
#include "fhir-model/path/ucum.h"

namespace fhir::path {
namespace {

Truth truth_of(bool value) {
  return value ? Truth::True : Truth::False;
}

// The type in "https://example.org/fhir/Patient/12/_history/2", "Patient/12"; empty when there is none.
std::string_view type_in_reference(std::string_view reference) {
  reference = reference.substr(0, reference.find("/_history/"));
  const std::size_t id = reference.rfind('/');
  if (id == std::string_view::npos || id == 0) return {};
  const std::size_t type = reference.rfind('/', id - 1);
  return reference.substr(type == std::string_view::npos ? 0 : type + 1,
                          id - (type == std::string_view::npos ? 0 : type + 1));
}

// Does an entry's fullUrl answer to the reference: the same URL, or the same at its end ("Patient/12")?
bool full_url_matches(std::string_view full_url, std::string_view reference) {
  if (full_url == reference) return true;
  const bool relative = reference.find("://") == std::string_view::npos && !reference.starts_with("urn:");
  return relative && full_url.size() > reference.size() && full_url.ends_with(reference) &&
         full_url[full_url.size() - reference.size() - 1] == '/';
}

}  // namespace

std::optional<Value> Services::resolve(std::string_view) {
  return std::nullopt;
}
std::optional<bool> Services::member_of(const Value&, std::string_view) {
  return std::nullopt;
}
std::optional<bool> Services::conforms_to(const Value&, std::string_view) {
  return std::nullopt;
}
std::optional<Value> Services::variable(std::string_view) {
  return std::nullopt;
}
void Services::trace(std::string_view, std::span<const Value>) {}

bool Machine::has_value(const Value& item) {
  if (item.kind != ValueKind::Node) return true;
  return item.node != nullptr && item.node->is_primitive();
}

bool Machine::eval_fhir(const Step& step, Range range, const Scope& scope) {
  switch (step.function) {
    case Function::Extension:
      return eval_extension(step, range, scope);
    case Function::ConformsTo:
      return eval_conforms(step, range, scope);
    case Function::MemberOf:
      return eval_member_of(step, range, scope);
    case Function::GetValue: {
      Value value;
      const bool single =
          range.size() == 1 && has_value(stack_[range.begin]) && to_system(stack_[range.begin], value);
      stack_.resize(range.begin);
      return failed() ? false : !single || push(value);
    }
    case Function::Resolve:
      for (std::size_t i = range.begin; i < range.end; ++i) {
        if (!push_resolved(Value(stack_[i]))) return false;
      }
      keep_from(range.begin, range.end);
      return true;
    case Function::HtmlChecks: {
      const bool safe = std::all_of(stack_.begin() + static_cast<std::ptrdiff_t>(range.begin), stack_.end(),
                                    [](const Value& item) {
                                      return item.kind == ValueKind::Node && item.node != nullptr &&
                                             is_safe_narrative(item.node->text());
                                    });
      stack_.resize(range.begin);
      return range.size() == 0 || push_boolean(safe);
    }
    default:
      break;
  }
  // checkModifiers(known URLs): an item with another modifier extension is an error.
  std::vector<std::string_view> known(step.argument_count);
  for (std::size_t i = 0; i < known.size(); ++i) {
    bool present = false;
    if (!string_argument(step, i, scope, known[i], present)) return false;
  }
  for (std::size_t i = range.begin; i < range.end; ++i) {
    const Node* node = stack_[i].kind == ValueKind::Node ? stack_[i].node : nullptr;
    const Node* list = node != nullptr ? node->find(atoms::kModifierExtension) : nullptr;
    if (list == nullptr) continue;
    for (const Node& extension : list->children()) {
      if (std::find(known.begin(), known.end(), extension.member_text(atoms::kUrl)) == known.end()) {
        return fail_execution(step,
                              "An element has a modifier extension that is not in the list of known ones.");
      }
    }
  }
  return true;
}

bool Machine::eval_extension(const Step& step, Range range, const Scope& scope) {
  std::string_view url;
  bool present = false;
  if (!string_argument(step, 0, scope, url, present)) return false;
  for (std::size_t i = range.begin; i < range.end && present; ++i) {
    const Node* list = extension_list(stack_[i]);
    if (list == nullptr) continue;
    for (const Node& extension : list->children()) {
      if (!charge(1)) return false;
      if (extension.member_text(atoms::kUrl) != url) continue;
      if (!push_element(&extension, nullptr, type_ids::kExtension)) return false;
    }
  }
  keep_from(range.begin, range.end);
  return true;
}

bool Machine::find_in_resource(std::string_view reference, Value& out) {
  const Value& resource = input_.resource ? *input_.resource : input_.context;
  const Value& container = input_.root_resource ? *input_.root_resource : resource;
  for (const Value* holder : {&resource, &container}) {
    if (holder->kind != ValueKind::Node || holder->node == nullptr) continue;
    if (reference == "#") {
      out = container;
      return true;
    }
    const Node* contained = holder->node->find(atoms::kContained);
    if (contained == nullptr) continue;
    for (const Node& item : contained->children()) {
      if (!charge(1)) return false;
      if (item.member_text(atoms::kId) != reference.substr(1)) continue;
      const Type* type = definitions_->find_type(item.resource_type());
      out = Value::of_node(&item, nullptr, type != nullptr ? type->id : kNoType);
      return true;
    }
  }
  return false;
}

bool Machine::find_in_bundle(const Value& bundle, std::string_view reference, Value& out) {
  const bool is_bundle =
      bundle.kind == ValueKind::Node && bundle.node != nullptr && bundle.type == type_ids::kBundle;
  const Node* entries = is_bundle ? bundle.node->find(atoms::kEntry) : nullptr;
  if (entries == nullptr) return false;
  for (const Node& entry : entries->children()) {
    if (!charge(1)) return false;
    if (!full_url_matches(entry.member_text(atoms::kFullUrl), reference)) continue;
    const Node* resource = entry.find(atoms::kResource);
    if (resource == nullptr) continue;
    const Type* type = definitions_->find_type(resource->resource_type());
    out = Value::of_node(resource, nullptr, type != nullptr ? type->id : kNoType);
    return true;
  }
  return false;
}

bool Machine::push_resolved(const Value& item) {
  std::string_view reference;
  Value text;
  const bool is_reference =
      item.kind == ValueKind::Node && item.node != nullptr && item.type == type_ids::kReference;
  if (is_reference) {
    reference = item.node->member_text(atoms::kReference);
  } else if (to_system(item, text) && text.kind == ValueKind::String) {
    reference = text.string();
  }
  if (failed()) return false;
  Value found;
  if (reference.starts_with('#')) {
    if (find_in_resource(reference, found)) return push(found);
  } else if (!reference.empty()) {
    const Value& resource = input_.resource ? *input_.resource : input_.context;
    const Value& root = input_.root_resource ? *input_.root_resource : resource;
    if (find_in_bundle(root, reference, found)) return push(found);
    const auto given = input_.services != nullptr ? input_.services->resolve(reference) : std::nullopt;
    if (given) return push(*given);
  }
  if (failed()) return false;
  if (!input_.resolve_to_type) return true;
  std::string_view name = type_in_reference(reference);
  if (name.empty() && is_reference) name = item.node->member_text(atoms::kType);
  const Type* type = definitions_->find_type(name);
  return type == nullptr || type->kind != TypeKind::Resource ||
         push(Value::of_node(nullptr, nullptr, type->id));
}

bool Machine::eval_conforms(const Step& step, Range range, const Scope& scope) {
  std::string_view profile;
  bool present = false;
  if (!string_argument(step, 0, scope, profile, present)) return false;
  if (range.size() > 1) return fail_execution(step, "conformsTo() takes one item, not several.");
  if (range.size() == 0 || !present) {
    stack_.resize(range.begin);
    return true;
  }
  const Value item = stack_[range.begin];
  stack_.resize(range.begin);
  if (input_.services != nullptr) {
    const auto given = input_.services->conforms_to(item, profile);
    if (given) return push_boolean(*given);
  }
  const Type* type = definitions_->find_type_by_url(profile);
  if (type == nullptr) return fail_execution(step, "The profile asked for by conformsTo() is not known.");
  return push_boolean(item.kind == ValueKind::Node && item.type != kNoType &&
                      definitions_->is_a(item.type, type->id));
}

Truth Machine::member_of(const Value& item, std::string_view value_set) {
  if (input_.services != nullptr) {
    const auto given = input_.services->member_of(item, value_set);
    if (given) return truth_of(*given);
  }
  const ValueSet* set = definitions_->find_value_set(value_set);
  if (set == nullptr) return Truth::Empty;
  const Node* codings =
      item.kind == ValueKind::Node && item.node != nullptr ? item.node->find(atoms::kCoding) : nullptr;
  Truth result = Truth::Empty;
  if (codings != nullptr) {
    result = Truth::False;
    for (const Node& coding : codings->children()) {
      const Truth one = member_of(Value::of_node(&coding, nullptr, type_ids::kCoding), value_set);
      if (one == Truth::True) return one;
      if (one == Truth::Empty) result = one;
    }
    return result;
  }
  std::string_view system, code;
  Value text;
  if (item.kind == ValueKind::Node && item.node != nullptr && item.node->is_object()) {
    system = item.node->member_text(atoms::kSystem);
    code = item.node->member_text(atoms::kCode);
  } else if (to_system(item, text) && text.kind == ValueKind::String) {
    code = text.string();
  }
  if (set->kind == ValueSetKind::Ucum) return truth_of(parse_unit(code).has_value());
  const Membership membership = is_member(*set, system, code).membership;
  return membership == Membership::Unknown ? Truth::Empty : truth_of(membership == Membership::Member);
}

bool Machine::eval_member_of(const Step& step, Range range, const Scope& scope) {
  std::string_view value_set;
  bool present = false;
  if (!string_argument(step, 0, scope, value_set, present)) return false;
  if (range.size() > 1) return fail_execution(step, "memberOf() takes one item, not several.");
  const bool empty = range.size() == 0 || !present;
  const Value item = empty ? Value() : stack_[range.begin];
  stack_.resize(range.begin);
  if (empty) return true;
  const Truth truth = member_of(item, value_set);
  return !failed() && push_truth(truth);
}

}  // namespace fhir::path
