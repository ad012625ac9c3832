// The official R4 examples against examples_results.tsv, which holds the official validator's verdict and
// ours of each that has an error for one of the two (oracle/README.md says how it is made).
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <map>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/validate/validator.h"
#include "validator_case.h"

namespace {

using namespace fhir::validate;
namespace fs = std::filesystem;

// The examples of the corpus, or all of them where LIENTHONG_EXAMPLES names their folder.
fs::path examples_folder() {
  const char* all = std::getenv("LIENTHONG_EXAMPLES");
  return all != nullptr ? fs::path(all) : fs::path(LIENTHONG_ROOT) / "../shared/corpus/fhir/r4-examples";
}

struct Verdicts {
  std::string official;  // the first error's id, "valid" or "no-verdict"
  std::string ours;      // the first error's key or "-"
};

std::map<std::string, Verdicts> listed_verdicts() {
  std::map<std::string, Verdicts> listed;
  std::ifstream in(fs::path(LIENTHONG_ROOT) / "tests/conformance/examples_results.tsv");
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    listed[line.substr(0, first)] = {line.substr(first + 1, second - first - 1), line.substr(second + 1)};
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

TEST_CASE("the official R4 examples are judged as the results file says") {
  const fs::path folder = examples_folder();
  if (!fs::exists(folder)) {
    WARN("the FHIR corpus is not beside the project: the official examples are not judged");
    return;
  }
  const auto listed = listed_verdicts();
  const Validator validator;
  Validation validation(validator);
  fhir::Document document;
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (entry.path().extension() != ".json" || name == "package.json" || name[0] == '.') continue;
    std::size_t size = 0;
    const std::string bytes = conformance::read_padded(entry.path(), size);
    INFO(name);
    REQUIRE(fhir::read_json({bytes.data(), size}, document).has_value());
    const std::string key = first_error(validation.validate(document));
    const auto known = listed.find(name);
    ++count;
    CHECK((key.empty() ? "-" : key) == (known == listed.end() ? "-" : known->second.ours));
  }
  CHECK(count > 700);
}

TEST_CASE("no example that the official validator takes is refused") {
  for (const auto& [name, verdicts] : listed_verdicts()) {
    INFO(name);
    CHECK((verdicts.official != "valid" || verdicts.ours == "-"));
  }
}
