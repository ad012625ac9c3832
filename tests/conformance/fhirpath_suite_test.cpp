// HL7's official FHIRPath suite for R4, read in place. Cases that do not pass are listed with their reason in
// fhirpath_results.tsv; any other failure fails the test, and so does a listed case that passes.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <sstream>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/xml_reader.h"
#include "fhir-model/path/decimal.h"
#include "fhir-model/path/evaluator.h"
#include "fhir-model/path/render.h"

namespace {

using namespace fhir::path;
namespace fs = std::filesystem;

const fs::path kSuite = fs::path(LIENTHONG_ROOT) / "../shared/corpus/fhir/fhirpath-suite";

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A suite's input, read once.
struct Input {
  std::string bytes;
  fhir::Document document;
  std::optional<Value> root;
};

Input load_input(const std::string& name) {
  Input input;
  const fs::path beside = kSuite / name;
  input.bytes = read_file(fs::exists(beside) ? beside : kSuite / "examples" / name);
  const std::size_t size = input.bytes.size();
  input.bytes.append(fhir::kPadding, '\0');
  const std::string_view text(input.bytes.data(), size);
  const auto& definitions = fhir::Definitions::r4();
  // Some of the suite's own files are not in schema order.
  const auto read = fhir::looks_like_xml(text)
                        ? fhir::read_xml(text, definitions, input.document, {}, fhir::XmlOrder::Any)
                        : fhir::read_json(text, input.document);
  INFO(name << (read ? ""
                     : std::string(": ").append(read.error().message) + " line " +
                           std::to_string(read.error().line)));
  REQUIRE(read.has_value());
  return input;
}

class Inputs {
 public:
  const Input* get(const std::string& name) {
    if (name.empty()) return nullptr;
    auto& input = inputs_[name];
    if (!input) {
      input = std::make_unique<Input>(load_input(name));
      input->root = root_value(fhir::Definitions::r4(), input->document);
    }
    return input.get();
  }

 private:
  std::map<std::string, std::unique_ptr<Input>> inputs_;
};

// Why the output differs from the expected; empty when it agrees.
std::string difference(const Value& value, const pugi::xml_node& output) {
  const std::string wanted_type = output.attribute("type").value();
  const std::string wanted = output.child_value();
  const std::string type(type_name(fhir::Definitions::r4(), value));
  if (!wanted_type.empty() && type != wanted_type) return "type " + type + ", not " + wanted_type;
  std::string text = simple_text(value);
  const bool temporal = !wanted.empty() && wanted[0] == '@';
  if (temporal) text.insert(0, type == "time" ? "@T" : "@");
  if (text == wanted) return {};
  const auto a = Decimal::parse(text);
  const auto b = Decimal::parse(wanted);
  if (a && b && type == "decimal" && Decimal::compare(*a, *b) == 0 && a->scale() == b->scale()) return {};
  return "\"" + text + "\", not \"" + wanted + "\"";
}

std::string differences(std::span<const Value> values, const pugi::xml_node& test) {
  std::vector<pugi::xml_node> outputs;
  for (const auto& output : test.children("output")) outputs.push_back(output);
  if (values.size() != outputs.size()) {
    return std::to_string(values.size()) + " items, not " + std::to_string(outputs.size());
  }
  const bool ordered = std::string_view(test.attribute("ordered").value()) != "false";
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::string why = difference(values[i], outputs[i]);
    for (std::size_t j = 0; !ordered && j < outputs.size() && !why.empty(); ++j)
      why = difference(values[i], outputs[j]);
    if (!why.empty()) return "item " + std::to_string(i) + ": " + why;
  }
  return {};
}

// Runs one case; empty when it passes.
std::string run_case(const pugi::xml_node& test, Inputs& inputs, Evaluator& evaluator) {
  const auto expression = test.child("expression");
  const std::string invalid = expression.attribute("invalid").value();
  const Input* input = inputs.get(test.attribute("inputfile").value());
  EvaluationInput evaluation;
  evaluation.has_context = input != nullptr;
  if (input != nullptr) evaluation.context = *input->root;
  // Every case is checked against the definitions, so that the checker's false alarms fail here too.
  CompileOptions options;
  options.strict = true;
  options.context = evaluation.context.type;
  options.check_order = test.attribute("checkOrderedFunctions").as_bool();
  const auto program = Program::compile(fhir::Definitions::r4(), expression.child_value(), options);
  if (!program) return invalid.empty() ? "not compiled: " + program.error().message : "";
  const auto result = evaluator.evaluate(*program, evaluation);
  if (!result) return invalid.empty() ? "failed: " + result.error().message : "";
  if (!invalid.empty()) return "no error, but " + invalid + " is expected";
  if (test.attribute("predicate").as_bool()) {
    const Value exists = Value::of_boolean(!result->empty());
    return differences({&exists, 1}, test);
  }
  return differences(*result, test);
}

struct Listed {
  std::string reason;
  bool seen = false;
};

std::map<std::string, Listed> listed_failures() {
  std::map<std::string, Listed> listed;
  std::ifstream in(fs::path(LIENTHONG_ROOT) / "tests/conformance/fhirpath_results.tsv");
  std::string line;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    std::string name, reason;
    std::getline(fields, name, '\t');
    std::getline(fields, reason, '\t');
    listed[name].reason = reason;
  }
  return listed;
}

}  // namespace

TEST_CASE("the official FHIRPath suite passes but for the listed cases") {
  if (!fs::exists(kSuite)) {
    WARN("the FHIR corpus is not beside the project: the official FHIRPath suite is not run");
    return;
  }
  pugi::xml_document suite;
  REQUIRE(suite.load_file((kSuite / "fhirpath/tests-fhir-r4.xml").c_str(),
                          pugi::parse_default | pugi::parse_ws_pcdata_single));
  auto listed = listed_failures();
  Inputs inputs;
  Evaluator evaluator;
  int total = 0, passed = 0;
  for (const auto& group : suite.child("tests").children("group")) {
    for (const auto& test : group.children("test")) {
      const std::string name =
          std::string(group.attribute("name").value()) + "/" + test.attribute("name").value();
      const std::string why = run_case(test, inputs, evaluator);
      const auto known = listed.find(name);
      ++total;
      if (why.empty()) ++passed;
      if (known != listed.end()) known->second.seen = true;
      INFO(name << ": " << test.child("expression").child_value() << "\n  " << why);
      CHECK(why.empty() == (known == listed.end()));
    }
  }
  for (const auto& [name, entry] : listed) {
    INFO("listed but not in the suite, or without a reason: " << name);
    CHECK(entry.seen);
    CHECK_FALSE(entry.reason.empty());
  }
  CHECK(total == 935);
  CHECK(passed == total - static_cast<int>(listed.size()));
}
