#include "fhir-model/definitions/atom.h"

#include <array>
#include <cstring>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/definitions/hash.h"

namespace fhir {

// Reaches into the tables for the names.
class AtomTables {
 public:
  static const Slice<Text>& texts() { return Definitions::r4().atoms_; }
  static const Slice<std::uint16_t>& slots() { return Definitions::r4().atom_slots_; }
};

Atom find_atom_padded(const char* name, std::size_t length) {
  const Slice<std::uint16_t>& slots = AtomTables::slots();
  const Text* texts = AtomTables::texts().begin();
  const auto mask = static_cast<std::uint32_t>(slots.size() - 1);
  for (std::uint32_t at = hash_name(name, length) & mask; slots[at] != kNoAtom; at = (at + 1) & mask) {
    const std::string_view text = texts[slots[at]];
    if (text.size() == length && std::memcmp(text.data(), name, length) == 0) return slots[at];
  }
  return kNoAtom;
}

Atom find_atom(std::string_view name) {
  std::array<char, 80> padded{};  // longer than every name of R4, with the 8 bytes that must follow
  if (name.empty() || name.size() > padded.size() - 8) return kNoAtom;
  std::memcpy(padded.data(), name.data(), name.size());
  return find_atom_padded(padded.data(), name.size());
}

std::string_view atom_text(Atom atom) {
  return AtomTables::texts()[atom];
}

std::size_t atom_count() {
  return AtomTables::texts().size();
}

}  // namespace fhir
