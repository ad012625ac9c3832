#pragma once
// Comparison of values with fixed and pattern values of profiles (R4 §2.28, ElementDefinition.fixed,
// pattern).

#include "fhir-model/document/node.h"

namespace fhir::validate {

// The same value in all parts; members may stand in another order. Linear for arrays, quadratic in the
// members of one object of the profile.
bool equals_fixed(const Node& value, const Node& fixed);

// All that the pattern holds is in the value; items of arrays in any order.
bool holds_pattern(const Node& value, const Node& pattern);

}  // namespace fhir::validate
