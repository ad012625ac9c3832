#pragma once
// Where in a resource something is, in words.

#include <string>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/document/node.h"

namespace fhir::validate {

// The FHIRPath expression of a node from the root of its document, with indexes:
// "Observation.component[1].value.ofType(Quantity)". For findings only: it looks up the tree and counts
// items.
std::string expression_of(const Definitions& definitions, const Node& node);

// The same without indexes and types, from the nearest enclosing resource: "Condition.code.coding", as
// contexts of extensions are written.
std::string element_path_of(const Node& node);

// A member's name fit for a message: without control characters, at most 64 bytes.
std::string shown(std::string_view text);

}  // namespace fhir::validate
