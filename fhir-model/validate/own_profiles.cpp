// Put into the program file as it is; the assembler reads it. The zero bytes behind it are the reader's
// padding.
#include "fhir-model/validate/own_profiles.h"

#include <cstddef>

__asm__(
    ".pushsection .rodata\n"
    ".hidden fhir_r4_profiles\n"
    ".global fhir_r4_profiles\n"
    ".hidden fhir_r4_profiles_end\n"
    ".global fhir_r4_profiles_end\n"
    "fhir_r4_profiles:\n"
    ".incbin \"fhir-model/validate/generated/r4_profiles.json\"\n"
    "fhir_r4_profiles_end:\n"
    ".zero 64\n"
    ".popsection\n");

extern "C" __attribute__((visibility("hidden"))) const char fhir_r4_profiles[];
extern "C" __attribute__((visibility("hidden"))) const char fhir_r4_profiles_end[];

namespace fhir::validate {

std::string_view own_profiles_json() {
  return {fhir_r4_profiles, static_cast<std::size_t>(fhir_r4_profiles_end - fhir_r4_profiles)};
}

}  // namespace fhir::validate
