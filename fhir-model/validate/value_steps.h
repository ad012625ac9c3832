#pragma once
// Steps from a value to its elements.

#include <string_view>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/path/value.h"
#include "fhir-model/validate/profile_scratch.h"

namespace fhir::validate {

// Pushes the elements `name` of a value onto the scratch: items of arrays one by one, simple values that have
// only extensions too. `name` is a JSON member ("valueQuantity") or, with `choice`, an element's name without
// "[x]" ("value"). Resources get their own type.
void push_elements(const Definitions& definitions, const path::Value& value, std::string_view name,
                   bool choice, ProfileScratch& scratch);

}  // namespace fhir::validate
