// Types, profiles of values and targets of references, as profiles demand them.
#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/profile_check.h"
#include "fhir-model/validate/profile_store.h"
#include "fhir-model/validate/reference_form.h"

namespace fhir::validate {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

}  // namespace

void ProfileCheck::types(const ElementRule& rule, const path::Value& value) {
  const auto& definitions = walk_.definitions();
  // Nested elements are of types of their own ("Patient.contact"), which profiles call BackboneElement.
  if (definitions.type(value.type).kind == TypeKind::Backbone) return;
  const TypeRule* fitting = nullptr;
  bool any_profile = false;
  for (const TypeRule& type : rule.types) {
    if (!definitions.is_a(value.type, type.type)) continue;
    fitting = &type;
    any_profile |= !type.profiles.empty();
    if (type.profiles.empty()) break;
  }
  if (fitting == nullptr) {
    return report_.error(MessageId::ProfileType, place_of(value),
                         {rule.path, definitions.type(value.type).name, profile_->url});
  }
  if (any_profile && value.node != nullptr) value_profiles(*fitting, value);
  const bool refers = value.type == type_ids::kReference && value.node != nullptr;
  if (refers &&
      (!fitting->targets.empty() || fitting->contained || fitting->referenced || fitting->bundled)) {
    reference_rule(rule, *fitting, value);
  }
}

// The value must conform to one of the profiles that are known.
void ProfileCheck::value_profiles(const TypeRule& type, const path::Value& value) {
  const auto& store = walk_.data().profiles;
  if (value.type == type_ids::kExtension) return;  // checked by its url
  const Scope* scope = scope_;
  const Scope own{value.node, &walk_.definitions().type(value.type), scope_, false, false};
  if (own.type->kind == TypeKind::Resource) scope = &own;
  if (type.profiles.size() == 1) {
    if (const Profile* only = store.find(type.profiles.front())) check(*only, value, *scope);
    return;
  }
  for (const auto& url : type.profiles) {
    const Profile* profile = store.find(url);
    if (profile == nullptr || conforms(*profile, value, *scope)) return;
  }
  report_.error(MessageId::ProfileType, place_of(value),
                {joined(type.profiles), walk_.definitions().type(value.type).name, profile_->url});
}

bool ProfileCheck::some_profile_fits(const ElementRule& rule, const path::Value& value) {
  if (value.node == nullptr) return false;
  const Scope own{value.node, &walk_.definitions().type(value.type), scope_, false, false};
  const bool resource = own.type->kind == TypeKind::Resource;
  for (const TypeRule& type : rule.types) {
    for (const auto* urls : {&type.profiles, &type.targets}) {
      for (const auto& url : *urls) {
        const Profile* profile = walk_.data().profiles.find(url);
        if (profile == nullptr || !walk_.definitions().is_a(value.type, profile->type)) continue;
        if (conforms(*profile, value, resource ? own : *scope_)) return true;
      }
    }
  }
  return false;
}

// For discriminators that look at the type of what a reference leads to.
bool ProfileCheck::target_type_fits(const ElementRule& rule, const path::Value& value) {
  if (walk_.definitions().type(value.type).kind != TypeKind::Resource) return false;
  for (const TypeRule& type : rule.types) {
    for (const auto& url : type.targets) {
      const Profile* profile = walk_.data().profiles.find(url);
      const Type* base = profile == nullptr ? walk_.definitions().find_type_by_url(url) : nullptr;
      const TypeId wanted = profile != nullptr ? profile->type : base != nullptr ? base->id : kNoType;
      if (wanted != kNoType && walk_.definitions().is_a(value.type, wanted)) return true;
    }
  }
  return false;
}

bool ProfileCheck::target_conforms(const TypeRule& type, const Node& target) {
  const Type* own = walk_.definitions().find_type(target.resource_type());
  if (own == nullptr || type.targets.empty()) return true;
  const Scope scope{&target, own, scope_, false, false};
  for (const auto& url : type.targets) {
    const Profile* profile = walk_.data().profiles.find(url);
    if (profile == nullptr) {
      const Type* base = walk_.definitions().find_type_by_url(url);
      if (base == nullptr || walk_.definitions().is_a(own->id, base->id)) return true;
      continue;
    }
    if (!walk_.definitions().is_a(own->id, profile->type)) continue;
    if (conforms(*profile, path::node_value(target, own->id), scope)) return true;
  }
  return false;
}

void ProfileCheck::reference_rule(const ElementRule& rule, const TypeRule& type, const path::Value& value) {
  static_cast<void>(rule);
  const auto text = value.node->member_text(atoms::kReference);
  if (text.empty()) return;
  const Node* target = walk_.resolve(text, *scope_);
  const bool contained = text.front() == '#';
  const bool bundled = target != nullptr && !contained;
  if (type.contained || type.referenced || type.bundled) {
    const bool fits = contained ? type.contained
                      : bundled ? type.bundled || type.referenced
                                : type.referenced;
    const bool outside = walk_.bundle_node() == nullptr && !contained;
    if (!fits && !(outside && type.bundled)) {
      const std::string_view wanted = type.contained ? "contained" : type.bundled ? "bundled" : "referenced";
      report_.error(MessageId::ReferenceAggregation, *value.node, {text, wanted});
    }
  }
  if (target != nullptr) {
    if (!target_conforms(type, *target)) {
      report_.error(MessageId::ReferenceTargetProfile, *value.node, {text, joined(type.targets)});
    }
    return;
  }
  const auto form = parse_reference(walk_.definitions(), text);
  if (form.type == nullptr || type.targets.empty()) return;
  const bool fits = std::any_of(type.targets.begin(), type.targets.end(), [&](const std::string& url) {
    const Profile* profile = walk_.data().profiles.find(url);
    const Type* base = walk_.definitions().find_type_by_url(url);
    if (profile == nullptr && base == nullptr) return true;
    return walk_.definitions().is_a(form.type->id, profile != nullptr ? profile->type : base->id);
  });
  if (!fits) report_.error(MessageId::ProfileReference, *value.node, {form.type->name, joined(type.targets)});
}

}  // namespace fhir::validate
