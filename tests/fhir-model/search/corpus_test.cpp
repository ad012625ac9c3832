// The walk finds what the expressions say, over examples that nobody here wrote; skipped where they are
// absent.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/path/evaluator.h"
#include "fhir-model/search/key_extractor.h"

namespace {

namespace fs = std::filesystem;
using namespace fhir;          // NOLINT
using namespace fhir::search;  // NOLINT

const fs::path kExamples = fs::path(LIENTHONG_ROOT) / "../shared/corpus/fhir/r4-examples";

std::vector<fs::path> examples() {
  std::vector<fs::path> files;
  if (!fs::exists(kExamples)) return files;
  for (const auto& entry : fs::directory_iterator(kExamples)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string padded(const fs::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str() + std::string(kPadding, '\0');
}

// A node's content, so that elements which a union joined into one compare equal. Order of members kept.
std::string content(const Node& node) {
  std::string text = std::to_string(static_cast<int>(node.kind()));
  const auto number = node.is_number() ? path::Decimal::parse(node.text()) : std::nullopt;
  text += number ? number->normalized().to_string() : std::string(node.text());  // a union joins 1.0 and 1.00
  for (const Node& child : node.children()) {
    text += '\n';
    text += child.json_name();
    text += content(child);
  }
  return text + ";";
}

// All expressions of R4, compiled whole.
const path::Program& whole_program(const ParameterInfo& parameter) {
  static std::map<ParameterId, path::Program> programs;
  const auto known = programs.find(parameter.id);
  if (known != programs.end()) return known->second;
  path::CompileOptions options;
  options.as_filters = true;
  auto program = path::Program::compile(Definitions::r4(), parameter.expression, options);
  INFO(parameter.expression);
  REQUIRE(program.has_value());
  return programs.emplace(parameter.id, *std::move(program)).first->second;
}

std::set<std::string> evaluated(path::Evaluator& evaluator, const ParameterInfo& parameter,
                                const Document& document) {
  path::EvaluationInput input;
  input.context = path::root_value(Definitions::r4(), document);
  input.resolve_to_type = true;
  const auto values = evaluator.evaluate(whole_program(parameter), input);
  INFO(parameter.url);
  REQUIRE(values.has_value());
  std::set<std::string> found;
  for (const path::Value& value : *values) {
    if (value.kind == path::ValueKind::Node && value.node != nullptr) found.insert(content(*value.node));
  }
  return found;
}

void compare(const fs::path& file, path::Evaluator& evaluator, KeyExtractor& extractor) {
  const std::string json = padded(file);
  Document document;
  REQUIRE(read_json({json.data(), json.size() - kPadding}, document).has_value());
  std::vector<SelectedElement> selected;
  if (!extractor.select(document.root(), selected)) return;
  std::map<ParameterId, std::set<std::string>> walked;
  for (const SelectedElement& one : selected) walked[one.parameter].insert(content(*one.node));
  const auto& model = SearchModel::r4();
  const TypeId type = Definitions::r4().find_type(document.root().resource_type())->id;
  for (const ParameterId id : model.parameters_of(type)) {
    const ParameterInfo& parameter = model.parameter(id);
    if (parameter.type == SearchType::Composite || parameter.expression.empty()) continue;
    INFO(file.filename() << " " << parameter.code << ": " << parameter.expression);
    CHECK(walked[id] == evaluated(evaluator, parameter, document));
  }
}

}  // namespace

TEST_CASE("every R4 parameter selects the elements that its FHIRPath expression gives") {
  const auto files = examples();
  if (files.empty()) {
    WARN("skipped: no " << kExamples);
    return;
  }
  path::Evaluator evaluator;
  KeyExtractor extractor(SearchModel::r4());
  for (const fs::path& file : files) compare(file, evaluator, extractor);
}

TEST_CASE("nearly every selected element of the examples has a normal form") {
  const auto files = examples();
  if (files.empty()) {
    WARN("skipped: no " << kExamples);
    return;
  }
  KeyExtractor extractor(SearchModel::r4());
  SearchKeys keys;
  std::size_t values = 0, unusable = 0, resources = 0;
  for (const fs::path& file : files) {
    const std::string json = padded(file);
    Document document;
    REQUIRE(read_json({json.data(), json.size() - kPadding}, document).has_value());
    if (!extractor.extract(document.root(), keys)) continue;
    ++resources;
    for (const KeyEntry& entry : keys.entries()) values += entry.values.count;
    unusable += keys.unusable_values();
    INFO(file.filename());
    CHECK(keys.entries().size() > 0);
  }
  CHECK(resources > 500);
  CHECK(values > 10 * resources);
  CHECK(unusable * 1000 < values);
}

TEST_CASE("damaged examples give keys or none, never harm") {
  const auto files = examples();
  if (files.empty()) {
    WARN("skipped: no " << kExamples);
    return;
  }
  KeyExtractor extractor(SearchModel::r4());
  SearchKeys keys;
  std::size_t readable = 0, seed = 1;
  for (const fs::path& file : files) {
    std::string json = padded(file);
    const std::size_t size = json.size() - kPadding;
    if (size > 50'000) continue;
    // Digits and separators of dates, numbers, URLs and references change.
    for (std::size_t i = 0; i < size; ++i) {
      seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
      const bool hit = (seed >> 33) % 40 == 0;
      if (hit && json[i] >= '0' && json[i] <= '9') json[i] = static_cast<char>('0' + (seed >> 40) % 10);
      if (hit && (json[i] == '-' || json[i] == '/' || json[i] == '#' || json[i] == ':') &&
          json[i - 1] != '"') {
        json[i] = "#|/$"[(seed >> 40) % 4];
      }
    }
    Document document;
    if (!read_json({json.data(), size}, document)) continue;
    readable += extractor.extract(document.root(), keys) ? 1 : 0;
  }
  CHECK(readable > 100);
}
