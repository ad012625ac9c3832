#pragma once
// Document → JSON text.

#include <string>

#include "fhir-model/document/node.h"

namespace fhir {

struct JsonStyle {
  bool pretty = false;  // two spaces a level, one member a line; else no white space at all
};

// Appends the node as JSON to `out`. Members keep their order, numbers their text. Strings are escaped
// minimally (RFC 8785 §3.2.2.2), so equal documents give equal bytes however their sources were escaped and
// spaced.
void write_json(const Node& node, std::string& out, JsonStyle style = {});

// Appends one string value with its quotes, escaped the same way.
void append_json_string(std::string_view text, std::string& out);

}  // namespace fhir
