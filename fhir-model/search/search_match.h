#pragma once
// Does a resource's key answer to a search value? The definition that indexes must agree with.

#include "fhir-model/search/search_keys.h"
#include "fhir-model/search/search_value.h"

namespace fhir::search {

// One value against one key of a parameter of the same type (R4 §3.1.1.4.4, §3.1.1.5). For :not and :not-in
// this is the positive question; their negation is of the whole resource. Numbers of resources count as
// exact, those searched for by their implied precision for eq and ne. Not for composites and :missing.
bool matches(const SearchValue& value, Modifier modifier, const KeyValue& key);

// The whole question: does a resource with these keys answer to one of the alternatives?
bool matches(const SearchValues& values, const SearchKeys& keys);

// The comparisons of dates and of numbers alone.
bool date_matches(Prefix prefix, const DateKey& value, const DateKey& key);
bool number_matches(Prefix prefix, const NumberKey& value, const NumberKey& key);

}  // namespace fhir::search
