#pragma once
// Texts of references → ReferenceKey; the same for resources and search values.

#include <string_view>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/search/key_options.h"
#include "fhir-model/search/search_key.h"

namespace fhir::search {

// "Patient/12", "Patient/12/_history/3", "https://example.org/fhir/Patient/12", "urn:uuid:…", any other URL.
// The views are into `text`. Not for "#contained". Any thread.
ReferenceKey parse_reference(std::string_view text, const KeyOptions& options,
                             const Definitions& definitions = Definitions::r4());

// "https://example.org/ValueSet/x|1.2#part" → URL, version; the fragment is dropped.
ReferenceKey parse_canonical(std::string_view text);

// R4 ids: 1 to 64 of A-Z a-z 0-9 - .
bool is_logical_id(std::string_view text);

}  // namespace fhir::search
