#include "fhir-model/validate/narrative_links.h"

#include <algorithm>
#include <array>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/format.h"

namespace fhir::validate {
namespace {

// `name="id"` somewhere in the text.
bool has_attribute(std::string_view div, std::string_view name, std::string_view id) {
  for (auto at = div.find(name); at != std::string_view::npos; at = div.find(name, at + 1)) {
    const auto value = div.substr(at + name.size());
    const bool quoted = value.size() > id.size() + 1 && (value[0] == '"' || value[0] == '\'');
    if (quoted && value.substr(1, id.size()) == id && value[id.size() + 1] == value[0]) return true;
  }
  return false;
}

}  // namespace

bool is_link_scheme(std::string_view link) {
  if (!is_absolute_uri(link)) return true;
  constexpr std::array<std::string_view, 11> kSchemes = {"http", "https", "tel",  "mailto", "ftp", "sftp",
                                                         "sms",  "cid",   "data", "geo",    "fax"};
  const auto scheme = link.substr(0, link.find(':'));
  return std::find(kSchemes.begin(), kSchemes.end(), scheme) != kSchemes.end();
}

bool has_anchor(const Node& resource, std::string_view div, std::string_view id) {
  if (has_attribute(div, "id=", id) || has_attribute(div, "name=", id)) return true;
  const Node* contained = resource.find(atoms::kContained);
  if (contained == nullptr || !contained->is_array()) return false;
  for (const Node& one : contained->children()) {
    if (one.member_text(atoms::kId) == id) return true;
  }
  return false;
}

}  // namespace fhir::validate
