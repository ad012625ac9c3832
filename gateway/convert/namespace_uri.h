#pragma once
// Absolute URIs for the namespaces that senders name: identifier authorities and code systems.
//
// In this order: the mapping's table of known names; an object identifier ("urn:oid:…"), UUID or URI that the
// sender states; else a URI of our own that is the same every time: "urn:lienthong:FACILITY:KIND[:NAME]".

#include <string>
#include <string_view>

#include "gateway/convert/code_table.h"

namespace lienthong::convert {

struct NamespaceParts {
  std::string_view name, id, id_type, kind;  // HD.1, HD.2, HD.3, and what is named ("MR", "codes")
};

// Leaves `out` empty when neither name, id nor kind is there. `table` may be null.
void namespace_uri(const NamespaceParts& parts, std::string_view facility, const CodeTable* table,
                   std::string& out);

// Appends `text` with all but letters, digits and "-._~" as %XX (RFC 3986 §2).
void append_percent_encoded(std::string_view text, std::string& out);

}  // namespace lienthong::convert
