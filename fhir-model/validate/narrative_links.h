#pragma once
// Hyperlinks of narratives.

#include <string_view>

#include "fhir-model/document/node.h"

namespace fhir::validate {

// Calls `call` with the value of each attribute `name` ("href=") of elements that begin with `element` ("<a
// ") in the XHTML text, as written.
template <class Call>
void for_each_link(std::string_view div, std::string_view element, std::string_view name, Call&& call) {
  for (auto at = div.find(name); at != std::string_view::npos; at = div.find(name, at)) {
    const auto tag = div.rfind('<', at);
    at += name.size();
    if (tag == std::string_view::npos || at >= div.size() || (div[at] != '"' && div[at] != '\'')) continue;
    const auto end = div.find(div[at], at + 1);
    if (end == std::string_view::npos) return;
    if (div.substr(tag, element.size()) == element) call(div.substr(at + 1, end - at - 1));
    at = end;
  }
}

// Relative links and those of schemes that browsers follow: http, https, mailto, tel …; not urn.
bool is_link_scheme(std::string_view link);

// Does the narrative have an element of that id or name, or the resource a contained resource of that id?
bool has_anchor(const Node& resource, std::string_view div, std::string_view id);

}  // namespace fhir::validate
