#pragma once
// Are contained resources referred to (constraint dom-3)?

#include "fhir-model/document/node.h"

namespace fhir::validate {

// Every contained resource of `resource` is referred to by "#id" from somewhere in it (a reference, a URI, a
// link or image of a narrative), or refers to its container by "#". Linear in the size of the resource but
// for a sort of the contained ids.
bool contained_are_used(const Node& resource);

}  // namespace fhir::validate
