#pragma once
// Hyperlinks of narratives.

#include <string_view>
#include <unordered_set>

#include "fhir-model/document/node.h"

namespace fhir::validate {

// Calls `call` with the value of each attribute `name` ("href=") of elements that begin with `element` ("<a
// ") in the XHTML text, as written.
template <class Call>
void for_each_link(std::string_view div, std::string_view element, std::string_view name, Call&& call) {
  std::size_t tag = std::string_view::npos;  // of the last "<" before `seen`
  std::size_t seen = 0;
  for (auto at = div.find(name); at != std::string_view::npos; at = div.find(name, at)) {
    for (; seen < at; ++seen) {
      if (div[seen] == '<') tag = seen;
    }
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

// What links within a resource can lead to: elements of its narrative by id or name, and contained resources.
// Reads the texts when it is first asked. One thread; resource and narrative must stay.
class Anchors {
 public:
  Anchors(const Node& resource, std::string_view div) : resource_(resource), div_(div) {}
  bool contains(std::string_view id);

 private:
  void read();
  void read_attribute(std::string_view name);

  const Node& resource_;
  std::string_view div_;
  std::unordered_set<std::string_view> ids_;
  bool is_read_ = false;
};

}  // namespace fhir::validate
