#pragma once
// Constraints of R4 that are met often, written in C++ instead of evaluated.

#include <cstdint>

#include "fhir-model/definitions/invariant.h"
#include "fhir-model/document/node.h"

namespace fhir::validate {

// The constraint of that key ("dom-3" → Dom3). ByStructure: the walk over the structure checks it anyway.
enum class NativeRule : std::uint8_t {
  None,
  ByStructure,
  ByBundle,
  Att1,
  Cpt2,
  Con3,
  Con4,
  Con5,
  Dom2,
  Dom3,
  Dom4,
  Dom5,
  Dom6,
  Drt1,
  Obs3,
  Obs6,
  Obs7,
  Pat1,
  Per1,
  Qty3,
  Rng2,
  Sqty1,
  Tim1,
  Tim2,
  Tim4,
  Tim5,
  Tim6,
  Tim7,
  Tim8,
  Tim10,
  Mad1,
  Bdl5,
  Bdl8,
  Org1,
};

// None when the constraint is to be evaluated as FHIRPath.
NativeRule native_rule(const Invariant& invariant);

enum class Verdict : std::uint8_t { Holds, Fails, Undecided };

// Does the constraint hold on `node` (of the type that declares it)? Undecided: its expression must be
// evaluated. Any thread; linear in the node's size.
Verdict check_native(NativeRule rule, const Node& node);

}  // namespace fhir::validate
