#pragma once
// FHIR XML as a flat tree of its elements, before it gets the shape of FHIR JSON.

#include <cstdint>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "fhir-model/document/read_error.h"

namespace fhir {

// One element of the FHIR namespace, or an xhtml div. Views into the source; attribute values still encoded.
struct XmlElement {
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  std::string_view name;   // without prefix
  std::string_view value;  // attribute value, or the source text of an xhtml div
  std::string_view id;
  std::string_view url;
  std::uint32_t position = 0;  // of "<"
  std::uint32_t first_child = kNone;
  std::uint32_t next_sibling = kNone;
  bool has_value = false;
  bool has_id = false;
  bool has_url = false;
  bool is_xhtml = false;
};

// Reads well-formed XML of FHIR elements; the root is elements[0]. Refuses DOCTYPE, foreign namespaces,
// attributes that FHIR has not, and character data outside xhtml. Iterative, with the limits given.
tl::expected<void, ReadError> read_xml_tree(std::string_view xml, const ReadLimits& limits,
                                            std::vector<XmlElement>& elements);

// Is `text` one well-formed xhtml element <div> in its namespace, with nothing behind it?
bool is_xhtml_div(std::string_view text);

}  // namespace fhir
