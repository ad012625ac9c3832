#pragma once
// FHIR XML text → Document of the same shape that the resource's JSON has (R4 §2.6.1, §2.6.2).

#include <cstdint>
#include <string_view>
#include <tl/expected.hpp>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/document/document.h"
#include "fhir-model/document/read_error.h"

namespace fhir {

// Does the text look like XML (first character that is no white space or byte order mark is '<')?
bool looks_like_xml(std::string_view text);

// What to do with elements that stand outside of the order that R4 defines.
enum class XmlOrder : std::uint8_t {
  Required,  // an error: data that come in must keep the schema
  Any,       // taken as they come, as long as repetitions of an element stay together: tools that only look
};

// Reads one FHIR resource. DOCTYPE, foreign namespaces, attributes that FHIR has not, character data outside
// of xhtml and (unless `order` is Any) R4's elements out of order are errors. Elements unknown to R4 are kept
// as members for the validator. Values keep their text: what is no boolean or number becomes a String. A
// narrative's <div> is kept as its exact source text. Comments and processing instructions are dropped. `xml`
// must outlive the use of `document`; no padding is needed. Positions are those of the element's "<" (names)
// and of the attribute's value. Memory besides the document: 96 bytes an element while reading.
tl::expected<void, ReadError> read_xml(std::string_view xml, const Definitions& definitions,
                                       Document& document, const ReadLimits& limits = {},
                                       XmlOrder order = XmlOrder::Required);

}  // namespace fhir
