#pragma once
// The extensions and profiles that R4 itself defines (generator/generate.py).

#include <string_view>

namespace fhir::validate {

// A JSON array of StructureDefinitions with differentials, with padding behind it for the reader. Part of the
// program file.
std::string_view own_profiles_json();

}  // namespace fhir::validate
