#pragma once
// The search parameters of FHIR R4 (4.0.1).

#include "fhir-model/definitions/flat.h"
#include "fhir-model/definitions/type.h"

namespace fhir {

enum class SearchType : std::uint8_t {
  Number,
  Date,
  String,
  Token,
  Reference,
  Composite,
  Quantity,
  Uri,
  Special
};

// Bits of SearchParameter::comparators (R4 value set search-comparator).
enum SearchComparator : std::uint16_t {
  kCompareEq = 1,
  kCompareNe = 2,
  kCompareGt = 4,
  kCompareLt = 8,
  kCompareGe = 16,
  kCompareLe = 32,
  kCompareSa = 64,
  kCompareEb = 128,
  kCompareAp = 256
};

// Bits of SearchParameter::modifiers (R4 value set search-modifier-code).
enum SearchModifier : std::uint16_t {
  kModifyMissing = 1,
  kModifyExact = 2,
  kModifyContains = 4,
  kModifyNot = 8,
  kModifyText = 16,
  kModifyIn = 32,
  kModifyNotIn = 64,
  kModifyBelow = 128,
  kModifyAbove = 256,
  kModifyType = 512,
  kModifyIdentifier = 1024,
  kModifyOfType = 2048
};

// A part of a composite parameter.
struct SearchComponent {
  Text expression;             // relative to each result of the parameter's own expression
  std::uint16_t parameter_id;  // the parameter whose type and rules apply; 0 = unknown
  std::uint16_t reserved;
};

// One search parameter. `expression` covers all of its base types ("Patient.name | Person.name"); the part
// that fits one type is the reader's business. 0 in search_parameters() is a placeholder.
struct SearchParameter {
  Text url;
  Text code;        // what stands in the query: "birthdate", "_lastUpdated"
  Text expression;  // FHIRPath; empty for _text, _content, _query …
  Slice<TypeId> bases;
  Slice<TypeId> targets;
  Slice<SearchComponent> components;
  SearchType type;
  bool multiple_or;
  bool multiple_and;
  std::uint8_t reserved8;
  std::uint16_t comparators;  // bits
  std::uint16_t modifiers;    // bits
  std::uint16_t id;
  std::uint16_t reserved16;
  std::uint32_t reserved;
};

// Which resources of a type belong to a compartment: those whose parameter of one of these codes refers to
// it.
struct CompartmentMember {
  Slice<Text> parameter_codes;
  TypeId resource;
  std::uint16_t reserved;
};

// A compartment of R4 (Patient, Encounter, RelatedPerson, Practitioner, Device).
struct Compartment {
  Text url;
  Text code;
  Slice<CompartmentMember> members;
  TypeId type;
  std::uint16_t reserved;
};

}  // namespace fhir
