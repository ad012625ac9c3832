#pragma once
// Safety of a resource's narrative.

#include <string_view>

namespace fhir::path {

// Does the text of Narrative.div keep the rules of R4 §2.4.0 (txt-1, txt-2: only the formatting elements and
// attributes of HTML 4.0 chapters 7 to 11, 13 and 15, no scripts, forms, frames, events or external style;
// well-formed; some content other than white space)? Elements nest at most 200 deep. Any thread.
bool is_safe_narrative(std::string_view div);

}  // namespace fhir::path
