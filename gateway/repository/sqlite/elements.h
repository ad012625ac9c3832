#pragma once
// A resource as a list of its top-level elements, without looking inside them: the unit that merging works on
// (semantics.md rules 6 and 8).

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/definitions/type.h"
#include "fhir-model/document/top_level_members.h"
#include "gateway/base/result.h"

namespace lienthong::repository::sqlite {

// One top-level element with all its JSON members: "birthDate" with "_birthDate"; a choice is one element
// whatever its type ("value[x]"). Views point into the text split, the definitions, or ElementSplitter's own
// memory.
struct Element {
  std::string_view group;   // "birthDate", "value[x]"
  std::string_view text;    // "\"birthDate\":\"1975\",\"_birthDate\":{…}"
  std::string_view value;   // of the first member without underscore: "\"1975\""
  std::uint32_t order = 0;  // place among the type's elements; unknown names come last
};

// The group of a member's name. Any thread.
struct Group {
  std::string_view name;
  std::uint32_t order = 0;
};
Group group_of(const fhir::Type& type, std::string_view member_name);

// The definition of a resource type; never null for a type of R4.
const fhir::Type* definition_of(std::string_view resource_type);

// Splits resources; reuses its memory. One thread.
class ElementSplitter {
 public:
  // The elements of the object `json` in the definition's order; resourceType, id and what the repository
  // renders itself (meta.versionId, lastUpdated, source) are left out. Valid until the next split().
  // Incorrect (LT-1501). `keep_order`: leave them as they stand (what a REST client wrote).
  Result<const std::vector<Element>*> split(const fhir::Type& type, std::string_view json,
                                            bool keep_order = false);

 private:
  void add(const fhir::Type& type, const fhir::TopLevelMember& member);
  std::string_view stripped_meta(std::string_view meta);

  std::vector<fhir::TopLevelMember> members_, meta_members_;
  std::vector<Element> elements_;
  std::deque<std::string> made_;
};

// "{…}" of the elements' texts.
template <class Elements>
std::string join_elements(const Elements& elements) {
  std::string json = "{";
  for (const auto& element : elements) {
    if (element.text.empty()) continue;
    if (json.size() > 1) json += ',';
    json += element.text;
  }
  json += '}';
  return json;
}

// The items of a JSON array (as split_top_level: for text known to be well-formed). Empty when it is none.
std::vector<std::string_view> split_array(std::string_view array);
// A member's value of a JSON object; empty when there is none.
std::string_view member_value(std::string_view object, std::string_view name);
// The characters between the quotes of a JSON string; empty when it is none.
std::string_view unquoted(std::string_view value);

}  // namespace lienthong::repository::sqlite
