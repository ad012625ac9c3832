#include "validator_case.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <stdexcept>

#include "fhir-model/document/json_reader.h"

namespace conformance {
namespace {

namespace fs = std::filesystem;
using fhir::Node;

// Modules that judge other things than resources, profiles and Bundles, or live on a terminology server.
constexpr std::array<std::string_view, 12> kOtherModules = {
    "cda",  "cdshooks",           "shc", "dsig",        "logical", "matchetype",
    "xver", "package-versioning", "tx",  "tx-advanced", "measure", "api"};
// Settings of the Java validator that switch other checks on, or bring files that are not here.
constexpr std::array<std::string_view, 15> kOtherSettings = {"packages",
                                                             "package-map",
                                                             "supporting5",
                                                             "logical",
                                                             "security-checks",
                                                             "best-practice",
                                                             "for-publication",
                                                             "no-experimental-content",
                                                             "ips",
                                                             "advisor",
                                                             "bundle-param",
                                                             "new-xver-mode",
                                                             "generate-shapshot",
                                                             "allow-comments",
                                                             "assumeValidRestReferences"};
// What the Java validator says of codes, displays and value sets that only a terminology server knows.
constexpr std::array<std::string_view, 12> kTerminologyTexts = {
    "http://snomed.info/sct",
    " for http://loinc.org#",
    " for http://nucc.org/",
    "urn:iso:std:iso:3166",
    "http://hl7.org/fhir/ValueSet/jurisdiction",
    "CodeSystem 'http://loinc.org",
    "http://hl7.org/fhir/sid/",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "tx.fhir.org",
    "could not be found, so the code cannot be validated",
    "http://terminology.hl7.org/CodeSystem/v2-0203' version '4",
    "NCI"};

template <class List>
bool contains_any(std::string_view text, const List& parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

std::string text_of(const Node& object, std::string_view member) {
  const Node* found = object.find(member);
  return found == nullptr ? std::string() : std::string(found->text());
}

struct JsonFile {
  std::string bytes;
  fhir::Document document;
  explicit JsonFile(const fs::path& path) {
    std::size_t size = 0;
    bytes = read_padded(path, size);
    if (!fhir::read_json({bytes.data(), size}, document)) document.clear();
  }
};

ExpectedError error_of(const Node& issue) {
  ExpectedError error;
  if (const Node* details = issue.find("details")) error.text = text_of(*details, "text");
  const auto position = text_of(issue, "diagnostics");
  if (position.size() > 1 && position[0] == '[') error.line = position.substr(1, position.find(',') - 1);
  if (const Node* list = issue.find("expression"); list != nullptr && list->child_count() != 0) {
    error.expression = plain_expression(list->children().begin()->text());
  }
  return error;
}

void read_outcome(const Node& root, ValidatorCase& one) {
  const Node* wrapped = root.find("outcome");
  const Node* issues = (wrapped == nullptr ? root : *wrapped).find("issue");
  const auto count = text_of(root, "errorCount");
  one.expects_error = !count.empty() && count != "0";
  if (issues == nullptr) return;
  std::size_t errors = 0;
  for (const Node& issue : issues->children()) {
    const auto severity = text_of(issue, "severity");
    if (severity != "error" && severity != "fatal") continue;
    ++errors;
    ExpectedError error = error_of(issue);
    if (!contains_any(error.text, kTerminologyTexts)) one.errors.push_back(std::move(error));
  }
  one.expects_error = one.expects_error || !one.errors.empty();
  if (errors != 0 && one.errors.empty()) one.excluded = "its only errors need a terminology server";
}

void read_expected(const fs::path& folder, const Node& holder, ValidatorCase& one) {
  const Node* java = holder.find("java");
  if (java == nullptr) {
    one.excluded = "no outcome of the Java validator";
    return;
  }
  if (java->is_object()) return read_outcome(*java, one);
  const fs::path path = folder / "outcomes" / java->text();
  if (!fs::exists(path)) {
    one.excluded = "the Java outcome is not in the corpus";
    return;
  }
  const JsonFile file(path);
  if (file.document.empty()) {
    one.excluded = "the Java outcome is not readable";
    return;
  }
  read_outcome(file.document.root(), one);
}

void add_files(const Node& holder, std::string_view member, std::vector<std::string>& out) {
  const Node* list = holder.find(member);
  if (list == nullptr) return;
  for (const Node& item : list->children()) out.emplace_back(item.text());
}

std::string excluded_by_rule(const fs::path& folder, const Node& test, const ValidatorCase& one) {
  if (text_of(test, "use-test") == "false") return "the manifest switches it off";
  const auto module = text_of(test, "module");
  if (std::find(kOtherModules.begin(), kOtherModules.end(), module) != kOtherModules.end()) {
    return "module " + module;
  }
  for (const auto setting : kOtherSettings) {
    if (test.find(setting) != nullptr) return "setting " + std::string(setting);
  }
  const auto fetcher = text_of(test, "fetcher");  // "standalone": nothing is fetched
  if (!fetcher.empty() && fetcher != "standalone") return "setting fetcher";
  if (!fs::exists(folder / one.file)) return "its file is not in the corpus";
  for (const auto& file : one.supporting) {
    if (!fs::exists(folder / file)) return "a supporting file is not in the corpus";
  }
  if (!one.profile_file.empty() && !fs::exists(folder / one.profile_file))
    return "its profile is not in the corpus";
  return {};
}

ValidatorCase read_case(const fs::path& folder, const Node& test, const Node* profile) {
  ValidatorCase one;
  one.name = text_of(test, "name") + (profile != nullptr ? "#profile" : "");
  one.file = text_of(test, "file");
  one.examples_allowed = text_of(test, "examples") != "false";
  add_files(test, "supporting", one.supporting);
  add_files(test, "profiles", one.supporting);
  if (profile != nullptr) {
    one.profile_file = text_of(*profile, "source");
    add_files(*profile, "supporting", one.supporting);
  }
  one.excluded = excluded_by_rule(folder, test, one);
  if (one.excluded.empty()) read_expected(folder, profile != nullptr ? *profile : test, one);
  return one;
}

}  // namespace

std::string read_padded(const fs::path& path, std::size_t& size) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  size = bytes.size();
  bytes.append(fhir::kPadding, '\0');
  return bytes;
}

std::string plain_expression(std::string_view expression) {
  std::string out;
  while (!expression.empty()) {
    const auto start = expression.find("/*");
    out += expression.substr(0, start);
    if (start == std::string_view::npos) break;
    const auto end = expression.find("*/", start);
    expression = end == std::string_view::npos ? std::string_view() : expression.substr(end + 2);
  }
  return out;
}

std::vector<ValidatorCase> read_cases(const fs::path& folder) {
  const JsonFile manifest(folder / "manifest.json");
  if (manifest.document.empty()) throw std::runtime_error("the manifest is not readable");
  const Node* list = manifest.document.root().find("test-cases");
  std::vector<ValidatorCase> cases;
  std::map<std::string, int> seen;  // some names stand twice in the manifest
  for (const Node& test : list->children()) {
    cases.push_back(read_case(folder, test, nullptr));
    if (const int count = ++seen[cases.back().name]; count > 1)
      cases.back().name += "#" + std::to_string(count);
    const Node* profile = test.find("profile");
    if (profile != nullptr && profile->is_object()) cases.push_back(read_case(folder, test, profile));
  }
  return cases;
}

}  // namespace conformance
