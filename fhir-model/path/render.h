#pragma once
// Results of expressions as JSON.

#include <span>
#include <string>
#include <string_view>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/path/value.h"

namespace fhir::path {

// The name of an item's type: "HumanName", "code" for elements; "string", "integer", "dateTime", "Quantity"
// for computed values (FHIR's spelling). Lives as long as the program.
std::string_view type_name(const Definitions& definitions, const Value& value);

// The text of a simple value: of a primitive element, or of a computed value as toString() writes it. Empty
// for others.
std::string simple_text(const Value& value);

// Appends a JSON array with one object {"type","value"} per item. An element's value is its JSON; a primitive
// that has only extensions has the value null; a Quantity is an object {"value","unit"}.
void render_json(const Definitions& definitions, std::span<const Value> items, std::string& out);

}  // namespace fhir::path
