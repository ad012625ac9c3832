#include "fhir-model/validate/profile_check.h"

#include <algorithm>
#include <array>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/deep_equal.h"
#include "fhir-model/validate/format.h"
#include "fhir-model/validate/profile_scratch.h"
#include "fhir-model/validate/profile_store.h"
#include "fhir-model/validate/slice_match.h"
#include "fhir-model/validate/value_bounds.h"
#include "fhir-model/validate/value_steps.h"

namespace fhir::validate {
namespace {

// Vital signs are judged by their profiles whether they say so or not (R4 "Vital Signs Profile").
struct VitalSign {
  std::string_view code, profile;
};
constexpr std::string_view kPrefix = "http://hl7.org/fhir/StructureDefinition/";
constexpr std::array<VitalSign, 10> kVitalSigns = {{{"85353-1", "vitalspanel"},
                                                    {"9279-1", "resprate"},
                                                    {"8867-4", "heartrate"},
                                                    {"2708-6", "oxygensat"},
                                                    {"8310-5", "bodytemp"},
                                                    {"8302-2", "bodyheight"},
                                                    {"9843-4", "headcircum"},
                                                    {"29463-7", "bodyweight"},
                                                    {"39156-5", "bmi"},
                                                    {"85354-9", "bp"}}};

std::string_view vital_sign_profile(const Node& observation) {
  const Node* code = observation.find(atoms::kCode);
  const Node* codings = code == nullptr ? nullptr : code->find(atoms::kCoding);
  if (codings == nullptr) return {};
  for (const Node& coding : codings->children()) {
    if (coding.member_text(atoms::kSystem) != "http://loinc.org") continue;
    const auto text = coding.member_text(atoms::kCode);
    for (const VitalSign& sign : kVitalSigns) {
      if (text == sign.code) return sign.profile;
    }
  }
  return {};
}

}  // namespace

bool ProfileCheck::spend() {
  if (scratch_.work == 0) return false;
  if (--scratch_.work == 0 && scope_ != nullptr) {
    report_.error(MessageId::LimitWork, *scope_->resource, {profile_ == nullptr ? "" : profile_->url});
  }
  return true;
}

const Node& ProfileCheck::place_of(const path::Value& value) const {
  if (value.node != nullptr) return *value.node;
  return value.extension != nullptr ? *value.extension : *scope_->resource;
}

void ProfileCheck::check_resource(const Scope& scope, bool root) {
  const Node& node = *scope.resource;
  // What was entered in error is no vital sign any more.
  const bool valid = node.member_text(atoms::kStatus) != "entered-in-error";
  if (scope.type->id == type_ids::kObservation && valid) {
    if (const auto name = vital_sign_profile(node); !name.empty()) {
      const std::string url = std::string(kPrefix).append(name);
      check_canonical(url, node, scope, false);
    }
  }
  if (const Node* meta = node.find(atoms::kMeta)) {
    const Node* list = meta->find(atoms::kProfile);
    if (list != nullptr && list->is_array()) {
      for (const Node& one : list->children()) check_canonical(one.text(), one, scope, false);
    }
  }
  for (const auto& url : walk_.data().profiles.globals(scope.type->id))
    check_canonical(url, node, scope, false);
  if (!root) return;
  for (const auto& url : walk_.options().profiles) check_canonical(url, node, scope, true);
}

void ProfileCheck::check_canonical(std::string_view url, const Node& at, const Scope& scope, bool demanded) {
  const Profile* profile = walk_.data().profiles.find(url);
  if (profile == nullptr) {
    if (walk_.definitions().find_type_by_url(url) != nullptr) {
      const Type& type = *walk_.definitions().find_type_by_url(url);
      if (walk_.definitions().is_a(scope.type->id, type.id)) return;
      return report_.error(MessageId::ProfileWrongType, at, {url, type.name, scope.type->name});
    }
    return demanded ? report_.error(MessageId::ProfileUnknown, at, {url})
                    : report_.warning(MessageId::ProfileUnknown, at, {url});
  }
  if (!walk_.definitions().is_a(scope.type->id, profile->type)) {
    const auto wanted = walk_.definitions().type(profile->type).name.view();
    return report_.error(MessageId::ProfileWrongType, at, {url, wanted, scope.type->name});
  }
  // By code, by meta.profile and by call the same one may be meant.
  const auto end = checked_.begin() + static_cast<std::ptrdiff_t>(checked_count_);
  if (std::find(checked_.begin(), end, profile) != end) return;
  if (checked_count_ < checked_.size()) checked_[checked_count_++] = profile;
  check(*profile, path::node_value(*scope.resource, scope.type->id), scope);
}

void ProfileCheck::check(const Profile& profile, const path::Value& value, const Scope& scope) {
  if (scratch_.depth >= ProfileScratch::kMaxDepth) return;
  ++scratch_.depth;
  const Profile* outer = profile_;
  const Scope* outer_scope = scope_;
  profile_ = &profile;
  scope_ = &scope;
  element(profile.root, value);
  profile_ = outer;
  scope_ = outer_scope;
  --scratch_.depth;
}

bool ProfileCheck::conforms(const Profile& profile, const path::Value& value, const Scope& scope) {
  Report::Mute mute(report_);
  check(profile, value, scope);
  return !mute.found_errors();
}

// One value against the rule of its element.
void ProfileCheck::element(const ElementRule& rule, const path::Value& value) {
  if (!spend()) return;
  if (!rule.types.empty() && &rule != &profile_->root) types(rule, value);
  values(rule, value);
  constraints(rule, value);
  const Type& type = walk_.definitions().type(value.type);
  const Scope* outer = scope_;
  const Scope own{value.node, &type, outer, rule.name == "contained", false};
  if (type.kind == TypeKind::Resource && value.node != nullptr && value.node != outer->resource)
    scope_ = &own;
  for (const ElementRule& one : rule.children) child(one, value);
  scope_ = outer;
}

void ProfileCheck::values(const ElementRule& rule, const path::Value& value) {
  const Node& at = place_of(value);
  if (rule.fixed != nullptr && (value.node == nullptr || !equals_fixed(*value.node, *rule.fixed))) {
    report_.error(MessageId::ProfileFixed, at, {rule.path, profile_->url});
  }
  if (rule.pattern != nullptr && (value.node == nullptr || !holds_pattern(*value.node, *rule.pattern))) {
    report_.error(MessageId::ProfilePattern, at, {rule.path, profile_->url});
  }
  if (value.node == nullptr) return;
  if (rule.max_length && value.node->text().size() > *rule.max_length) {
    report_.error(MessageId::ProfileMaxLength, at, {rule.path, std::to_string(*rule.max_length)});
  }
  if (rule.min_value != nullptr && is_below(*value.node, *rule.min_value)) {
    report_.error(MessageId::ProfileMinValue, at, {rule.min_value->text()});
  }
  if (rule.max_value != nullptr && is_above(*value.node, *rule.max_value)) {
    report_.error(MessageId::ProfileMaxValue, at, {rule.max_value->text()});
  }
  // A binding on an open choice speaks of the coded types in it.
  const bool open_quantity =
      rule.is_choice && rule.types.empty() && walk_.definitions().is_a(value.type, type_ids::kQuantity);
  if (rule.binding.strength != BindingStrength::None && !open_quantity)
    walk_.check_binding(*value.node, value.type, rule.binding);
}

void ProfileCheck::constraints(const ElementRule& rule, const path::Value& value) {
  for (const ProfileRule& one : rule.rules) {
    const Node& at = place_of(value);
    if (walk_.holds(*one.program, value, *scope_, one.key, at)) continue;
    report_.add(one.is_error ? Severity::Error : Severity::Warning, MessageId::ProfileInvariant, at,
                {one.key, one.human, profile_->url});
  }
}

void ProfileCheck::child(const ElementRule& rule, const path::Value& parent) {
  const std::size_t first = scratch_.items.size();
  push_elements(walk_.definitions(), parent, rule.name, rule.is_choice, scratch_);
  const std::size_t count = scratch_.items.size() - first;
  if (rule.min && count < *rule.min) {
    report_.error(MessageId::ProfileMinimum, place_of(parent),
                  {rule.path, std::to_string(*rule.min), std::to_string(count), profile_->url});
  }
  if (rule.max && *rule.max != ElementRule::kUnbounded && count > *rule.max) {
    report_.error(MessageId::ProfileMaximum, place_of(parent),
                  {rule.path, std::to_string(*rule.max), std::to_string(count), profile_->url});
  }
  for (std::size_t i = 0; i < count; ++i) {
    const path::Value value = scratch_.items[first + i];
    element(rule, value);
  }
  if (!rule.slices.empty()) slices(rule, parent, first, count);
  scratch_.pop_to(first);
}

// A part of a complex extension that the extension does not define.
bool ProfileCheck::is_undefined_part(const ElementRule& rule, const path::Value& value) const {
  if (!profile_->is_extension || rule.name != "extension" || value.node == nullptr) return false;
  const auto url = value.node->member_text(atoms::kUrl);
  return !url.empty() && !is_absolute_uri(url);
}

void ProfileCheck::slices(const ElementRule& rule, const path::Value& parent, std::size_t first,
                          std::size_t count) {
  for (std::size_t i = first; i < first + count; ++i) {
    const path::Value value = scratch_.items[i];
    std::uint32_t owner = 0;
    for (std::size_t s = 0; s < rule.slices.size() && owner == 0; ++s) {
      if (SliceMatch(*this).matches(rule, rule.slices[s], value)) owner = static_cast<std::uint32_t>(s + 1);
    }
    scratch_.owners[i] = owner;
    if (owner != 0) {
      element(rule.slices[owner - 1], value);
    } else if (is_undefined_part(rule, value)) {
      report_.error(MessageId::ExtensionPartUnknown, place_of(value),
                    {value.node->member_text(atoms::kUrl), profile_->url});
    } else if (rule.slicing && rule.slicing->rules == Slicing::Rules::Closed) {
      report_.error(MessageId::SliceNone, place_of(value), {rule.path, profile_->url});
    }
  }
  count_slices(rule, parent, first, count);
  if (rule.slicing) slice_order(rule, first, count);
}

void ProfileCheck::count_slices(const ElementRule& rule, const path::Value& parent, std::size_t first,
                                std::size_t count) {
  for (std::size_t s = 0; s < rule.slices.size(); ++s) {
    const ElementRule& slice = rule.slices[s];
    const std::size_t base = scratch_.items.size();
    for (std::size_t i = first; i < first + count; ++i) {
      if (scratch_.owners[i] != s + 1) continue;
      const path::Value value = scratch_.items[i];
      scratch_.items.push_back(value);
      scratch_.owners.push_back(0);
    }
    const std::size_t found = scratch_.items.size() - base;
    if (slice.min && found < *slice.min) {
      report_.error(MessageId::SliceMinimum, place_of(parent),
                    {slice.path, std::to_string(*slice.min), std::to_string(found), profile_->url});
    }
    if (slice.max && *slice.max != ElementRule::kUnbounded && found > *slice.max) {
      report_.error(MessageId::SliceMaximum, place_of(parent),
                    {slice.path, std::to_string(*slice.max), std::to_string(found), profile_->url});
    }
    if (!slice.slices.empty()) slices(slice, parent, base, found);
    scratch_.pop_to(base);
  }
}

void ProfileCheck::slice_order(const ElementRule& rule, std::size_t first, std::size_t count) {
  std::uint32_t latest = 0;
  bool others = false;
  for (std::size_t i = first; i < first + count; ++i) {
    const std::uint32_t owner = scratch_.owners[i];
    if (owner == 0) {
      others = true;
      continue;
    }
    if (others && rule.slicing->rules == Slicing::Rules::OpenAtEnd) {
      report_.error(MessageId::SliceNotAtEnd, place_of(scratch_.items[i]), {rule.path, profile_->url});
    }
    if (rule.slicing->ordered && owner < latest) {
      report_.error(MessageId::SliceOrder, place_of(scratch_.items[i]), {rule.path, profile_->url});
    }
    latest = owner;
  }
}

}  // namespace fhir::validate
