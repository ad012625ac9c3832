#pragma once
// Which elements give which keys (R4 §3.1.1.5 with its tables for each type of parameter).

#include <cstdint>

#include "fhir-model/definitions/search_parameter.h"

namespace fhir::search {

// How an element becomes keys. None: the element has no meaning for that type of parameter.
enum class Extraction : std::uint8_t {
  None,
  TokenText,  // code, string, id, uri …: the text is the code
  TokenBoolean,
  TokenCoding,
  TokenConcept,
  TokenIdentifier,
  TokenContactPoint,
  String,
  StringHumanName,
  StringAddress,
  StringConcept,
  Date,
  DatePeriod,
  DateTiming,
  Number,
  NumberRange,
  NumberQuantity,
  Quantity,
  QuantityMoney,
  QuantityRange,
  QuantitySampled,
  Reference,
  ReferenceCanonical,  // canonical, uri, url
  ReferenceResource,   // a resource held inside: Bundle.entry.resource
  ReferenceIdentifier,
  Uri,
  Position,
};

// `type`: of the element.
Extraction extraction_for(SearchType search, TypeId type);

}  // namespace fhir::search
