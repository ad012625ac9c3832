#pragma once
// Code systems, value sets and bindings of FHIR R4, as far as they can be decided without a terminology
// server.

#include <string_view>

#include "fhir-model/definitions/flat.h"

namespace fhir {

struct CodeSystem;

// One code. `parent` is the concept above it in a hierarchy.
struct Concept {
  Text code;
  Text display;                       // may be empty
  std::uint16_t system;               // into Definitions::code_systems()
  std::uint16_t is_abstract;          // not selectable (notSelectable, abstract): no member of the usual sets
  std::uint32_t parent;               // into Definitions::concepts(); kNoConcept at the top
  Slice<std::uint32_t> more_parents;  // some v3 concepts stand below several
};
inline constexpr std::uint32_t kNoConcept = 0xFFFFFFFF;

// A hash set of concepts, keyed by their codes; open addressing, a power of two of slots, empty slots
// kNoConcept.
struct ConceptSet {
  Slice<std::uint32_t> slots;
  std::uint32_t count;
  std::uint32_t reserved;
};

// All codes of a code system that FHIR itself publishes completely (content = complete).
struct CodeSystem {
  Text url;
  Text name;
  Text value_set;  // canonical of the value set "all codes of it"; may be empty
  ConceptSet concepts;
  bool is_case_sensitive;
  bool is_complete;  // false: FHIR publishes a part only (example, fragment, not-present)
  std::uint16_t id;
  std::uint32_t reserved;
};

// How membership of a value set is decided.
enum class ValueSetKind : std::uint8_t {
  Closed,     // all codes are listed in `concepts`
  Partial,    // `concepts` lists what FHIR publishes; further systems (SNOMED CT, LOINC …) are not known here
  External,   // nothing can be listed
  MimeTypes,  // BCP 13 grammar
  Languages,  // BCP 47 grammar
  Currencies,  // ISO 4217: listed in `concepts`
  Ucum,        // UCUM grammar
};

struct ValueSet {
  Text url;  // without version
  Text name;
  ConceptSet concepts;
  Slice<Text> open_systems;  // systems included that are not (completely) known here
  ValueSetKind kind;
  std::uint8_t reserved8;
  std::uint16_t id;
  std::uint32_t reserved;
};

enum class BindingStrength : std::uint8_t { None, Required, Extensible, Preferred, Example };

// What an element's codes are bound to.
struct Binding {
  Text value_set_url;      // with its version "|4.0.1" as the definition states it
  Text max_value_set_url;  // elementdefinition-maxValueSet; usually empty
  BindingStrength strength;
  std::uint8_t reserved8;
  std::uint16_t value_set_id;  // into Definitions::value_sets(); 0 = not known here
  std::uint16_t max_value_set_id;
  std::uint16_t reserved;
};

enum class Membership : std::uint8_t {
  Member,
  NotMember,
  Unknown,  // the set has parts that are not known here and the code may belong to them
};

struct MembershipAnswer {
  Membership membership = Membership::Unknown;
  const Concept* concept_found = nullptr;  // set for Member where the code is listed (not for grammars)
};

// Is (system, code) in the set? An empty `system` asks for the code in any system (elements of type code).
// For the kinds decided by a grammar (MimeTypes, Languages, Ucum) the answer is Unknown: the caller
// knows the grammar. Any thread; constant time.
MembershipAnswer is_member(const ValueSet& set, std::string_view system, std::string_view code);

// The concept `code` of `system`, or null. Codes of systems that ignore case are found in any case.
const Concept* find_concept(const CodeSystem& system, std::string_view code);

}  // namespace fhir
