#pragma once
// Characters of XML 1.0. For the XML reader and writer of this room.

#include <cstddef>
#include <string>
#include <string_view>

namespace fhir {

inline bool is_xml_space(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// The attribute value `raw` with its references resolved and its white space normalised (XML 1.0 §3.3.3),
// into `out`, which has room for raw.size() bytes: the result is never longer. Returns its length, or npos
// and in `error_at` the offset of a reference that does not exist or names no character of XML.
std::size_t decode_xml_attribute(std::string_view raw, char* out, std::size_t& error_at);

// Whether decode_xml_attribute would change the text.
bool needs_xml_decoding(std::string_view raw);

// All references in the text exist (the five predefined entities and characters).
bool has_valid_references(std::string_view text, std::size_t& error_at);

// Appends the text as the inside of an attribute value in double quotes. False when it has characters that
// XML cannot carry (control characters).
bool append_xml_attribute(std::string_view text, std::string& out);

}  // namespace fhir
