#pragma once
// Least and greatest values that profiles allow (ElementDefinition.minValue, maxValue).

#include "fhir-model/document/node.h"

namespace fhir::validate {

// Is `value` below (above) the bound of the profile? A bound of type Duration or Quantity on a date counts
// from now (R4 §2.28, "minValue[x]"). What cannot be compared is not.
bool is_below(const Node& value, const Node& bound);
bool is_above(const Node& value, const Node& bound);

}  // namespace fhir::validate
