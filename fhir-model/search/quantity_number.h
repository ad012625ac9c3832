#pragma once
// Numbers of keys from exact decimals; the same for resources and search values.

#include <string_view>

#include "fhir-model/search/search_key.h"
#include "fhir-model/search/unit_cache.h"

namespace fhir::search {

inline constexpr std::string_view kUcumSystem = "http://unitsofmeasure.org";

// A single number: exact, and widened by its precision.
NumberKey number_key(const path::Decimal& value);
// From low to high; null means open on that side, the same pointer twice a single number.
NumberKey number_key(const path::Decimal* low, const path::Decimal* high);
// The same in base units; none when a number leaves the range of Decimal.
std::optional<NumberKey> canonical_number(const path::Decimal* low, const path::Decimal* high,
                                          const KnownUnit& unit);

}  // namespace fhir::search
