#include <algorithm>

#include "fhir-model/document/document.h"
#include "fhir-model/document/json_reader.h"
#include "fhir-model/search/fold.h"
#include "gateway/base/bytes.h"
#include "gateway/identity/links.h"

namespace lienthong::identity {
namespace {

constexpr std::size_t kMostFacts = 8;  // of each kind: a hostile list cannot make many keys

std::string_view text_of(const fhir::Node& object, std::string_view name) {
  const fhir::Node* member = object.find(name);
  return member != nullptr ? member->text() : std::string_view();
}

bool is_citizen_type(const fhir::Node& identifier) {
  const fhir::Node* type = identifier.find("type");
  const fhir::Node* codings = type != nullptr ? type->find("coding") : nullptr;
  if (codings == nullptr) return false;
  for (const fhir::Node& coding : codings->children()) {
    const auto code = text_of(coding, "code");
    if (code == "NI" || code == "NNVNM") return true;
  }
  return false;
}

bool is_citizen_system(std::string_view system) {
  const std::string folded = fhir::search::fold_text(system);
  return folded.find("cccd") != std::string::npos || folded.find("citizen") != std::string::npos;
}

// 12 digits that are not all the same: fillers such as 000000000000 identify nobody.
bool is_citizen_value(std::string_view value) {
  const bool digits = std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  return value.size() == 12 && digits && value.find_first_not_of(value[0]) != std::string_view::npos;
}

void read_identifiers(const fhir::Node& patient, PersonFacts& facts) {
  const fhir::Node* list = patient.find("identifier");
  if (list == nullptr) return;
  for (const fhir::Node& identifier : list->children()) {
    if (facts.citizen_ids.size() == kMostFacts) return;
    const auto value = text_of(identifier, "value");
    if (!is_citizen_value(value) || text_of(identifier, "use") == "old") continue;
    if (!is_citizen_type(identifier) && !is_citizen_system(text_of(identifier, "system"))) continue;
    facts.citizen_ids.emplace_back(value);
  }
}

std::string full_name(const fhir::Node& name) {
  const auto text = text_of(name, "text");
  if (!text.empty()) return fhir::search::fold_text(text);
  std::string parts(text_of(name, "family"));
  if (const fhir::Node* given = name.find("given")) {
    for (const fhir::Node& part : given->children()) parts.append(" ").append(part.text());
  }
  return fhir::search::fold_text(parts);
}

void read_names(const fhir::Node& patient, PersonFacts& facts) {
  const fhir::Node* list = patient.find("name");
  if (list == nullptr) return;
  for (const fhir::Node& name : list->children()) {
    if (facts.names.size() == kMostFacts) return;
    if (text_of(name, "use") == "old") continue;
    std::string folded = full_name(name);
    if (!folded.empty()) facts.names.push_back(std::move(folded));
  }
}

}  // namespace

PersonFacts person_facts(std::string_view json) {
  PersonFacts facts;
  const PaddedBytes padded(json);
  fhir::Document document;
  if (!fhir::read_json(padded.view(), document)) return facts;
  const fhir::Node& patient = document.root();
  read_identifiers(patient, facts);
  read_names(patient, facts);
  facts.gender = text_of(patient, "gender");
  const auto birth_date = text_of(patient, "birthDate");
  if (birth_date.size() == 10) facts.birth_date = birth_date;
  return facts;
}

}  // namespace lienthong::identity
