#pragma once
// Constraints that were published with a mistake.

#include <string>
#include <string_view>

namespace fhir::validate {

// The expression as it was meant, where R4 (or the profiles of its time) published it so that values which
// the constraint's own sentence allows would break it; else the expression itself. The official validator
// reads them alike.
std::string meant_expression(std::string_view published);

}  // namespace fhir::validate
