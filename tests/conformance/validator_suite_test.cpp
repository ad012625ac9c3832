// HL7's official validator cases for R4: our verdict and the place of our first error against those of the
// Java validator. Disagreements are listed with their reason in validator_results.tsv (kind, case, reason);
// any other fails the test, and so does a listed one that agrees. LIENTHONG_SHOW=1 prints all findings of
// what disagrees.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/xml_reader.h"
#include "fhir-model/validate/outcome.h"
#include "fhir-model/validate/validator.h"
#include "validator_case.h"

namespace {

using namespace fhir::validate;
namespace fs = std::filesystem;

const fs::path kCases = fs::path(LIENTHONG_ROOT) / "../shared/corpus/fhir/validator-cases";

struct Found {
  std::vector<Issue> issues;
  bool has_error = false;
  const Issue* first_error() const {
    for (const Issue& issue : issues) {
      if (issue.severity >= Severity::Error) return &issue;
    }
    return nullptr;
  }
};

std::vector<Issue> judge(std::string_view text, const Validator& validator,
                         const ValidationOptions& options) {
  fhir::Document document;
  const auto read = fhir::looks_like_xml(text) ? fhir::read_xml(text, fhir::Definitions::r4(), document)
                                               : fhir::read_json(text, document);
  if (!read) return {issue_of(read.error())};
  Validation validation(validator);
  return validation.validate(document, options);
}

// NDJSON: each line is a resource; lines count from the top of the file.
std::vector<Issue> judge_lines(std::string_view text, const Validator& validator,
                               const ValidationOptions& options) {
  std::vector<Issue> all;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (std::uint32_t number = 0; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::size_t size = line.size();
    line.append(fhir::kPadding, '\0');
    for (Issue& issue : judge({line.data(), size}, validator, options)) {
      issue.line += number;
      all.push_back(std::move(issue));
    }
  }
  return all;
}

void load(DefinitionFiles& files, const fs::path& path) {
  std::size_t size = 0;
  const std::string bytes = conformance::read_padded(path, size);
  static_cast<void>(files.add({bytes.data(), size}));  // not all of them are definitions for R4
}

std::string url_in(const fs::path& path) {
  std::size_t size = 0;
  const std::string bytes = conformance::read_padded(path, size);
  const std::string_view text(bytes.data(), size);
  fhir::Document document;
  const auto read = fhir::looks_like_xml(text)
                        ? fhir::read_xml(text, fhir::Definitions::r4(), document, {}, fhir::XmlOrder::Any)
                        : fhir::read_json(text, document);
  const fhir::Node* url = read ? document.root().find("url") : nullptr;
  return url == nullptr ? std::string() : std::string(url->text());
}

Found run_case(const conformance::ValidatorCase& one) {
  DefinitionFiles files;
  ValidationOptions options;
  options.unknown_extensions_allowed = false;  // as the Java cases are run
  options.wrong_displays_refused = true;
  options.example_urls_allowed = one.examples_allowed;
  for (const auto& file : one.supporting) load(files, kCases / file);
  if (!one.profile_file.empty()) {
    load(files, kCases / one.profile_file);
    options.profiles.push_back(url_in(kCases / one.profile_file));
  }
  const Validator validator(std::move(files));
  std::size_t size = 0;
  const std::string bytes = conformance::read_padded(kCases / one.file, size);
  const std::string_view text(bytes.data(), size);
  Found found;
  const bool lines = fs::path(one.file).extension() == ".ndjson";
  found.issues = lines ? judge_lines(text, validator, options) : judge(text, validator, options);
  found.has_error = error_count(found.issues) != 0;
  return found;
}

bool same_place(const Issue& issue, const conformance::ExpectedError& expected) {
  if (!expected.line.empty() && expected.line == std::to_string(issue.line)) return true;
  return !expected.expression.empty() && issue.expression == expected.expression;
}

// "" when verdict and place agree; else false-accept, false-reject or other-place.
std::string difference(const conformance::ValidatorCase& one, const Found& found) {
  if (found.has_error != one.expects_error) return found.has_error ? "false-reject" : "false-accept";
  if (!found.has_error || one.errors.empty()) return {};
  const auto& first = one.errors.front();
  if (first.line.empty() && first.expression.empty()) return {};
  return same_place(*found.first_error(), first) ? "" : "other-place";
}

struct Listed {
  std::string kind, reason;
  bool seen = false;
};

std::map<std::string, Listed> listed_differences() {
  std::map<std::string, Listed> listed;
  std::ifstream in(fs::path(LIENTHONG_ROOT) / "tests/conformance/validator_results.tsv");
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    std::string kind, name, reason;
    std::getline(fields, kind, '\t');
    std::getline(fields, name, '\t');
    std::getline(fields, reason, '\t');
    listed[name] = {kind, reason};
  }
  return listed;
}

void show(const conformance::ValidatorCase& one, const Found& found, const std::string& kind) {
  std::cout << kind << '\t' << one.name << '\t' << one.file << '\n';
  for (const auto& error : one.errors) {
    std::cout << "    java " << error.line << ' ' << error.expression << " | " << error.text.substr(0, 260)
              << '\n';
  }
  for (const Issue& issue : found.issues) {
    if (issue.severity < Severity::Error) continue;
    std::cout << "    ours " << issue.line << ' ' << issue.expression << " | " << english_text(issue) << '\n';
  }
}

struct Totals {
  int run = 0, same_verdict = 0, placed = 0, same_place = 0;
};

}  // namespace

TEST_CASE("the official validator's R4 cases are judged alike but for the listed ones") {
  if (!fs::exists(kCases)) {
    WARN("the FHIR corpus is not beside the project: the official validator cases are not run");
    return;
  }
  const bool loud = std::getenv("LIENTHONG_SHOW") != nullptr;
  auto listed = listed_differences();
  Totals totals;
  for (const auto& one : conformance::read_cases(kCases)) {
    if (!one.excluded.empty()) continue;
    const Found found = run_case(one);
    const std::string kind = difference(one, found);
    ++totals.run;
    if (kind.empty() || kind == "other-place") ++totals.same_verdict;
    if (one.expects_error && !one.errors.empty()) {
      ++totals.placed;
      if (kind.empty()) ++totals.same_place;
    }
    if (loud && !kind.empty()) show(one, found, kind);
    const auto known = listed.find(one.name);
    if (known != listed.end()) known->second.seen = true;
    INFO(one.name << " (" << one.file << ")");
    CHECK(kind == (known == listed.end() ? "" : known->second.kind));
  }
  for (const auto& [name, entry] : listed) {
    INFO("listed but not run, or without a reason: " << name);
    CHECK(entry.seen);
    CHECK_FALSE(entry.reason.empty());
  }
  if (loud) {
    for (const auto& one : conformance::read_cases(kCases)) {
      if (!one.excluded.empty()) std::cout << "excluded\t" << one.name << '\t' << one.excluded << '\n';
    }
    std::cout << totals.run << " cases, verdict " << totals.same_verdict << ", place " << totals.same_place
              << " of " << totals.placed << '\n';
  }
  CHECK(totals.run >= 200);
  CHECK(totals.same_verdict * 100 >= totals.run * 97);
  CHECK(totals.same_place * 100 >= totals.placed * 90);
}
