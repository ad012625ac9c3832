#pragma once
// Answers of questionnaires compared with one another and with bounds.

#include <optional>

#include "fhir-model/document/node.h"

namespace fhir::validate {

// -1, 0, 1, or nothing when the two cannot be compared (texts with numbers, quantities of other dimensions or
// without formal units). A date that says less counts as its first moment, as in the official validator.
std::optional<int> answer_order(const Node& a, const Node& b);

// The same answer: Codings by system and code, the rest by value.
bool is_same_answer(const Node& a, const Node& b);

}  // namespace fhir::validate
