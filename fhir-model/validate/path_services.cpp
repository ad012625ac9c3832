#include "fhir-model/validate/path_services.h"

#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/profile_check.h"

namespace fhir::validate {
namespace {

// Of the allowance of work: what one question costs besides what it looks at.
constexpr std::uint64_t kConformsCost = 5000;

}  // namespace

std::optional<path::Value> PathServices::resolve(std::string_view reference) {
  const Node* found = walk_.resolve(reference, scope_);
  if (found == nullptr) return std::nullopt;
  const Type* type = walk_.definitions().find_type(found->resource_type());
  return path::node_value(*found, type == nullptr ? kNoType : type->id);
}

std::optional<bool> PathServices::member_of(const path::Value& value, std::string_view value_set) {
  const auto& terminology = walk_.data().terminology;
  const SetHandle set = terminology.find_set(value_set);
  if (!set || value.kind != path::ValueKind::Node || value.node == nullptr) return std::nullopt;
  const auto in_set = [&](const Node& coding) {
    return terminology.is_member(set, coding.member_text(atoms::kSystem), coding.member_text(atoms::kCode));
  };
  if (!value.node->is_object())
    return terminology.is_member(set, {}, value.node->text()) == Membership::Member;
  const Node* codings = value.node->find(atoms::kCoding);
  if (codings == nullptr) return in_set(*value.node) == Membership::Member;
  for (const Node& coding : codings->children()) {
    if (in_set(coding) == Membership::Member) return true;
  }
  return false;
}

std::optional<bool> PathServices::conforms_to(const path::Value& value, std::string_view profile) {
  const Profile* known = walk_.data().profiles.find(profile);
  if (known == nullptr || value.kind != path::ValueKind::Node || value.node == nullptr) return std::nullopt;
  auto& work = walk_.profile_scratch().work;
  work = work > kConformsCost ? work - kConformsCost : std::min<std::uint64_t>(work, 1);
  if (work <= 1) return std::nullopt;
  // A worker of its own: this one's evaluator is in use.
  Walk inner(walk_.data());
  inner.begin_inner(walk_);
  const bool conforms = ProfileCheck(inner).conforms(*known, value, scope_);
  // Profiles that ask for one another share one allowance of work.
  work = inner.profile_scratch().work;
  return conforms;
}

}  // namespace fhir::validate
