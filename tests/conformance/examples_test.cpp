// The official R4 examples: none may have an error but those that the official validator finds wrong too,
// listed in examples_results.tsv (file, the key of our first error). What is listed must have that error.
#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <map>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/validate/validator.h"
#include "validator_case.h"

namespace {

using namespace fhir::validate;
namespace fs = std::filesystem;

const fs::path kExamples = fs::path(LIENTHONG_ROOT) / "../shared/corpus/fhir/r4-examples";

std::map<std::string, std::string> listed_errors() {
  std::map<std::string, std::string> listed;
  std::ifstream in(fs::path(LIENTHONG_ROOT) / "tests/conformance/examples_results.tsv");
  std::string line;
  while (std::getline(in, line)) {
    const auto tab = line.find('\t');
    if (line.empty() || line[0] == '#' || tab == std::string::npos) continue;
    listed[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return listed;
}

std::string first_error(const std::vector<Issue>& issues) {
  for (const Issue& issue : issues) {
    if (issue.severity >= Severity::Error) return std::string(message_of(issue.message).key);
  }
  return {};
}

}  // namespace

TEST_CASE("the official R4 examples have no errors but those that the official validator finds too") {
  if (!fs::exists(kExamples)) {
    WARN("the FHIR corpus is not beside the project: the official examples are not judged");
    return;
  }
  const bool loud = std::getenv("LIENTHONG_SHOW") != nullptr;
  const auto listed = listed_errors();
  const Validator validator;
  Validation validation(validator);
  fhir::Document document;
  std::size_t count = 0, found = 0;
  for (const auto& entry : fs::directory_iterator(kExamples)) {
    if (entry.path().extension() != ".json") continue;
    const std::string name = entry.path().filename();
    std::size_t size = 0;
    const std::string bytes = conformance::read_padded(entry.path(), size);
    INFO(name);
    REQUIRE(fhir::read_json({bytes.data(), size}, document).has_value());
    const std::string key = first_error(validation.validate(document));
    const auto known = listed.find(name);
    ++count;
    if (known != listed.end()) ++found;
    if (loud && !key.empty()) std::cout << name << '\t' << key << '\n';
    CHECK(key == (known == listed.end() ? "" : known->second));
  }
  CHECK(count > 700);
  CHECK(found == listed.size());
}
