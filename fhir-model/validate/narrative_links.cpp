#include "fhir-model/validate/narrative_links.h"

#include <algorithm>
#include <array>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/validate/format.h"

namespace fhir::validate {
bool is_link_scheme(std::string_view link) {
  if (!is_absolute_uri(link)) return true;
  constexpr std::array<std::string_view, 11> kSchemes = {"http", "https", "tel",  "mailto", "ftp", "sftp",
                                                         "sms",  "cid",   "data", "geo",    "fax"};
  const auto scheme = link.substr(0, link.find(':'));
  return std::find(kSchemes.begin(), kSchemes.end(), scheme) != kSchemes.end();
}

void Anchors::read_attribute(std::string_view name) {
  for (auto at = div_.find(name); at != std::string_view::npos; at = div_.find(name, at)) {
    at += name.size();
    if (at >= div_.size() || (div_[at] != '"' && div_[at] != '\'')) continue;
    const auto end = div_.find(div_[at], at + 1);
    if (end == std::string_view::npos) return;
    ids_.insert(div_.substr(at + 1, end - at - 1));
    at = end;
  }
}

void Anchors::read() {
  is_read_ = true;
  read_attribute("id=");
  read_attribute("name=");
  const Node* contained = resource_.find(atoms::kContained);
  if (contained == nullptr || !contained->is_array()) return;
  for (const Node& one : contained->children()) ids_.insert(one.member_text(atoms::kId));
}

bool Anchors::contains(std::string_view id) {
  if (!is_read_) read();
  return ids_.count(id) != 0;
}

}  // namespace fhir::validate
