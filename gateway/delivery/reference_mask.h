#pragma once
// References to what a destination may not have (semantics 18). An id is made from a business key that holds
// the test's code, so whoever guesses the key can check it: the id alone says something.

#include <functional>
#include <string>
#include <string_view>

namespace lienthong::delivery {

// Whether a reference's target is to be hidden: "Type/id", a URL, "urn:uuid:…", as it is written.
using IsHidden = std::function<bool(std::string_view)>;

// The JSON with each Reference whose `reference` is hidden replaced, display and identifier with it, by
// R4's data-absent-reason "masked": its place stays, so cardinalities hold. Valid JSON in, valid JSON out.
std::string mask_references(std::string_view json, const IsHidden& is_hidden);

}  // namespace lienthong::delivery
