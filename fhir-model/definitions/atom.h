#pragma once
// Atoms: small numbers for all JSON member names that FHIR R4 knows ("name", "valueQuantity",
// "resourceType").

#include <cstdint>
#include <string_view>

namespace fhir {

// 0 is "not a name of R4". Equal atoms mean equal names. The numbers may change with each generation of the
// tables: never store them. Constants for all of them: generated/atoms.h (fhir::atoms::kResourceType).
using Atom = std::uint16_t;
inline constexpr Atom kNoAtom = 0;

// The atom of `name`, kNoAtom when R4 has no such element. `name` is without a leading underscore. Any
// thread.
Atom find_atom(std::string_view name);

// The same when 8 readable bytes are known to lie behind `name`: the form that parsers use.
Atom find_atom_padded(const char* name, std::size_t length);

// The text of an atom; empty for kNoAtom. Lives as long as the program.
std::string_view atom_text(Atom atom);

// How many atoms there are, kNoAtom included: valid atoms are 1 .. atom_count()-1.
std::size_t atom_count();

}  // namespace fhir
