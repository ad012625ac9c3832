#pragma once
// How all search parameters of one resource type are found in one walk over its elements.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/path/program.h"
#include "fhir-model/search/extraction.h"
#include "fhir-model/search/search_keys.h"

namespace fhir::search {

// A parameter that wants the values of an element. With a reference type only references to that type
// (`where(resolve() is Patient)`).
struct Subscriber {
  ParameterId parameter = 0;
  TypeId reference_type = kNoType;
};

// Makes keys of the elements at a place, once for all parameters that want them.
struct Action {
  Extraction extraction = Extraction::None;
  std::string_view implied_system = {};  // of type code with a required binding to one code system
  std::vector<Subscriber> subscribers = {};
};

// The elements of one component of a composite: those of its own places below the element, or below the
// resource's root for `%resource.…`; with a program, those that it gives.
struct Component {
  static constexpr std::uint32_t kNoProgram = 0xFFFFFFFF;
  SearchType type = SearchType::Token;
  bool from_root = false;
  TypeId start_type = kNoType;  // of the element (or resource) that the expression starts from
  std::uint32_t place = 0;
  std::uint32_t program = kNoProgram;
};

struct Composite {
  ParameterId parameter = 0;
  std::vector<Component> components = {};
};

// Only elements whose member `atom` has this text are meant: `where(system='email')`.
struct Filter {
  Atom atom = kNoAtom;
  std::string text = {};
  std::uint32_t place = 0;
};

// Which member leads to which place.
struct Edge {
  Atom atom = kNoAtom;
  TypeId type = kNoType;  // of the member's values
  std::uint32_t place = 0;
};

// A set of elements reached by the same steps from the root ("Patient.contact.name").
struct Place {
  std::vector<Edge> edges = {};  // hashed by atom, a power of two of slots; empty when nothing is below
  std::vector<Action> actions = {};
  std::vector<Filter> filters = {};
  std::vector<Composite> composites = {};
  std::uint32_t edge_count = 0;

  // The edge of a member, or null; not when edges is empty.
  const Edge* find(Atom atom) const {
    const std::size_t mask = edges.size() - 1;
    for (std::size_t slot = atom & mask;; slot = (slot + 1) & mask) {
      if (edges[slot].atom == kNoAtom) return nullptr;
      if (edges[slot].atom == atom) return &edges[slot];
    }
  }
};

// An expression that the walk cannot do; evaluated as it stands.
struct PlanProgram {
  ParameterId parameter = 0;  // 0: of a component, run for its composite only
  SearchType type = SearchType::Token;
  path::Program program;
};

// Immutable once made; any number of threads may walk with it. places[0] is the resource itself.
struct TypePlan {
  TypeId type = kNoType;
  bool has_composites = false;
  std::vector<Place> places = {};
  std::vector<PlanProgram> programs = {};
};

}  // namespace fhir::search
