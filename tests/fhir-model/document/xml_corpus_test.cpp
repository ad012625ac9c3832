// Round trips between XML and JSON over examples that nobody here wrote; skipped where the corpus is absent.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/json_writer.h"
#include "fhir-model/document/xml_reader.h"
#include "fhir-model/document/xml_writer.h"

namespace {

namespace fs = std::filesystem;
using fhir::Document;

const fs::path kCorpus = fs::path(LIENTHONG_ROOT) / "../shared/corpus/fhir";

std::vector<fs::path> files_in(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read_file(const fs::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

// A document together with the padded text it was read from.
struct Loaded {
  std::string text;
  Document document;
};

bool load_json(std::string json, Loaded& loaded) {
  const std::size_t size = json.size();
  loaded.text = std::move(json);
  loaded.text.append(fhir::kPadding, '\0');
  return fhir::read_json({loaded.text.data(), size}, loaded.document).has_value();
}

bool load_xml(std::string xml, Loaded& loaded) {
  loaded.text = std::move(xml);
  return fhir::read_xml(loaded.text, fhir::Definitions::r4(), loaded.document).has_value();
}

std::string json_of(const Loaded& loaded) {
  std::string out;
  fhir::write_json(loaded.document.root(), out);
  return out;
}

// The document's XML; empty when it has none.
std::string xml_of(const Loaded& loaded) {
  std::string out;
  return fhir::write_xml(loaded.document.root(), fhir::Definitions::r4(), out) ? out : std::string();
}

}  // namespace

TEST_CASE("corpus: JSON examples go to XML and back without loss") {
  const std::vector<fs::path> files = files_in(kCorpus / "r4-examples", ".json");
  if (files.empty()) {
    WARN("skipped: no examples at " << kCorpus.string());
    return;
  }
  std::vector<std::string> without_xml;
  for (const fs::path& path : files) {
    INFO(path.filename().string());
    Loaded first;
    REQUIRE(load_json(read_file(path), first));
    const std::string xml = xml_of(first);
    if (xml.empty()) {
      without_xml.push_back(path.filename().string());
      continue;
    }
    Loaded second;
    REQUIRE(load_xml(xml, second));
    REQUIRE(second.document.node_count() == first.document.node_count());
    REQUIRE(xml_of(second) == xml);
    Loaded third;
    REQUIRE(load_json(json_of(second), third));
    REQUIRE(xml_of(third) == xml);
  }
  INFO("no XML form: " << [&] {
    std::string names;
    for (const std::string& name : without_xml) names += name + " ";
    return names;
  }());
  CHECK(without_xml.empty());
}

TEST_CASE("corpus: XML examples go to JSON and back without loss") {
  std::vector<fs::path> files = files_in(kCorpus / "fhirpath-suite", ".xml");
  const std::vector<fs::path> cases = files_in(kCorpus / "validator-cases", ".xml");
  if (files.empty()) {
    WARN("skipped: no XML examples at " << kCorpus.string());
    return;
  }
  files.insert(files.end(), cases.begin(), cases.end());
  std::size_t read = 0;
  std::string refused;
  for (const fs::path& path : files) {
    INFO(path.filename().string());
    Loaded first;
    if (!load_xml(read_file(path), first)) {
      refused += path.filename().string() + " ";
      continue;
    }
    ++read;
    const std::string json = json_of(first);
    Loaded second;
    REQUIRE(load_json(json, second));
    const std::string xml = xml_of(second);
    if (xml.empty()) continue;  // has members that R4 does not know: deliberately wrong cases
    Loaded third;
    REQUIRE(load_xml(xml, third));
    REQUIRE(json_of(third) == json);
  }
  INFO("refused: " << refused);
  CHECK(read * 10 >= files.size() * 9);
}
