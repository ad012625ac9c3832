#include "fhir-model/definitions/terminology.h"

#include <algorithm>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/definitions/hash.h"

namespace fhir {
namespace {

char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lowered(a) == lowered(b); });
}

bool has_code(const Concept& candidate, const CodeSystem& system, std::string_view code) {
  if (candidate.code.view() == code) return true;
  return !system.is_case_sensitive && equal_ignoring_case(candidate.code, code);
}

// The first concept of the set that has the code and, when a system is given, belongs to it.
const Concept* find_in(const ConceptSet& set, std::string_view system, std::string_view code) {
  const Definitions& r4 = Definitions::r4();
  const auto mask = static_cast<std::uint32_t>(set.slots.size() - 1);
  for (std::uint32_t at = hash_text(code) & mask; set.slots[at] != kNoConcept; at = (at + 1) & mask) {
    const Concept& candidate = r4.concepts()[set.slots[at]];
    const CodeSystem& owner = r4.code_systems()[candidate.system];
    if (has_code(candidate, owner, code) && (system.empty() || owner.url.view() == system)) return &candidate;
  }
  return nullptr;
}

// May the part of the set that is not known here hold a code of `system`?
bool may_hold(const ValueSet& set, std::string_view system) {
  if (set.kind == ValueSetKind::Closed || set.kind == ValueSetKind::Currencies) return false;
  if (system.empty() || set.open_systems.empty()) return true;
  return std::any_of(set.open_systems.begin(), set.open_systems.end(), [system](const Text& open) {
    return open.view() == system || open.view().find("/ValueSet/") != std::string_view::npos;
  });
}

}  // namespace

MembershipAnswer is_member(const ValueSet& set, std::string_view system, std::string_view code) {
  if (const Concept* found = find_in(set.concepts, system, code)) return {Membership::Member, found};
  return {may_hold(set, system) ? Membership::Unknown : Membership::NotMember, nullptr};
}

const Concept* find_concept(const CodeSystem& system, std::string_view code) {
  return find_in(system.concepts, {}, code);
}

}  // namespace fhir
