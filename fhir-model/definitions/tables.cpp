// The generated tables, put into the program file as they are. The assembler reads them, so that the compiler
// need not.
#include "fhir-model/definitions/definitions.h"

#if defined(__x86_64__) || defined(__aarch64__)
__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    ".hidden fhir_r4_tables\n"
    ".global fhir_r4_tables\n"
    ".type fhir_r4_tables, @object\n"
    "fhir_r4_tables:\n"
    ".incbin \"fhir-model/definitions/generated/r4.tables\"\n"
    ".size fhir_r4_tables, . - fhir_r4_tables\n"
    ".popsection\n");
#else
#error "The tables are little-endian ELF data; this machine has not been tried."
#endif

extern "C" __attribute__((visibility("hidden"))) const unsigned char fhir_r4_tables[];

namespace fhir {

// The layouts that the generator writes (generator/generate.py).
static_assert(sizeof(Text) == 8 && sizeof(Slice<Type>) == 8);
static_assert(sizeof(TypeChoice) == 28 && sizeof(Element) == 68 && sizeof(Member) == 6 && sizeof(Type) == 72);
static_assert(sizeof(Concept) == 32 && sizeof(CodeSystem) == 48 && sizeof(ValueSet) == 48 &&
              sizeof(Binding) == 24);
static_assert(sizeof(Invariant) == 40 && sizeof(SearchParameter) == 64 && sizeof(SearchComponent) == 12);
static_assert(sizeof(CompartmentMember) == 12 && sizeof(Compartment) == 28 && sizeof(Definitions) == 120);

const Definitions& Definitions::r4() {
  return *reinterpret_cast<const Definitions*>(fhir_r4_tables);
}

}  // namespace fhir
