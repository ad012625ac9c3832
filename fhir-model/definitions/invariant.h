#pragma once
// Constraints of the base definitions ("ele-1", "obs-6").

#include "fhir-model/definitions/flat.h"

namespace fhir {

enum class InvariantSeverity : std::uint8_t { Error, Warning };

// A constraint. Its context is the element or type whose invariant_ids name it. Distinct by (key,
// expression).
struct Invariant {
  Text key;         // "pat-1"
  Text human;       // the specification's sentence
  Text expression;  // FHIRPath; empty where R4 gives none
  Text source;      // URL of the StructureDefinition that declares it; may be empty
  InvariantSeverity severity;
  std::uint8_t is_best_practice;
  std::uint16_t id;
  std::uint32_t reserved;
};

}  // namespace fhir
