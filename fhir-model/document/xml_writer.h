#pragma once
// Document → FHIR XML text.

#include <string>
#include <tl/expected.hpp>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/document/node.h"

namespace fhir {

// Why a document cannot be written as FHIR XML.
struct XmlWriteError {
  const Node* node = nullptr;  // the value that has no XML form
  std::string_view message;    // English sentence; static
};

// Appends the resource as FHIR XML. Elements come in the order of the definitions (R4 §2.6.1: XML elements
// are ordered). Members that R4 does not know, nulls and values of the wrong shape are errors; after an error
// `out` holds a part. With `pretty`, two spaces a level; without, no white space.
tl::expected<void, XmlWriteError> write_xml(const Node& resource, const Definitions& definitions,
                                            std::string& out, bool pretty = false);

}  // namespace fhir
