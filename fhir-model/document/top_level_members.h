#pragma once
// The top-level members of a resource without reading what is inside them.

#include <cstdint>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "fhir-model/document/read_error.h"

namespace fhir {

// A member of the outermost object, as views into the text given.
struct TopLevelMember {
  std::string_view name;   // between the quotes, as written
  std::string_view value;  // from the first to the last character of the value, with quotes or braces
};

// Splits the JSON object `json` into its members, in order, appended to `members` (cleared first). For text
// that this program has written or read_json has accepted: brackets and strings are matched, the inside of
// values is not checked further. Errors: not an object, or cut off. Speed about that of memory scans; no
// padding needed.
tl::expected<void, ReadError> split_top_level(std::string_view json, std::vector<TopLevelMember>& members);

}  // namespace fhir
