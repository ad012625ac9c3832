#pragma once
// Dotted element paths as people write them in mappings and profiles: "Patient.contact.name.family".

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "fhir-model/definitions/definitions.h"

namespace fhir {

// Where a path leads. `choice` is the type that the last step chose ("valueQuantity",
// "value.ofType(Quantity)" is not understood here); null when the last step is an open choice ("value[x]" or
// "value") or the path is a type alone.
struct ResolvedPath {
  const Type* type = nullptr;        // type of the value; null for an open choice
  const Element* element = nullptr;  // null when the path is a type's name alone
  const TypeChoice* choice = nullptr;
};

// Why a path leads nowhere. `message` is a whole English sentence for people, with the suggestion in it.
struct PathError {
  enum class Kind : std::uint8_t { Empty, UnknownType, UnknownElement, NotAChoice, OpenChoice, IsPrimitive };
  Kind kind = Kind::Empty;
  std::size_t offset = 0;  // of the faulty step in the path, in bytes
  std::string step;        // the faulty step
  std::string suggestion;  // the nearest existing name, empty when none is near
  std::string message;
};

// Follows `path` from a type name ("Observation.component.valueQuantity.value"). Indexes like "name[0]" are
// accepted and ignored; "value[x]" is an open choice and may only be the last step. Any thread.
tl::expected<ResolvedPath, PathError> resolve_path(const Definitions& definitions, std::string_view path);

// The same from a given type: path "contact.name" within Patient.
tl::expected<ResolvedPath, PathError> resolve_path(const Definitions& definitions, const Type& start,
                                                   std::string_view path);

// The name among the members of `type` (expanded choices too) that is nearest to `name`, if near enough to be
// meant.
std::string_view nearest_member(const Type& type, std::string_view name);

// The nearest type name of the given kind (TypeKind::None: of any kind).
std::string_view nearest_type(const Definitions& definitions, std::string_view name, TypeKind kind);

}  // namespace fhir
