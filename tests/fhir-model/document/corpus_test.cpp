// Round trips over examples that nobody here wrote; skipped where the corpus is absent.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/json_writer.h"
#include "fhir-model/document/top_level_members.h"

namespace {

namespace fs = std::filesystem;

const fs::path kCorpus = fs::path(LIENTHONG_ROOT) / "../shared/corpus/fhir";

std::vector<fs::path> json_files(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string read_padded(const fs::path& path, std::size_t& size) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  std::string text = bytes.str();
  size = text.size();
  text.append(fhir::kPadding, '\0');
  return text;
}

// White space outside strings removed and escapes that need not be undone: "canonical spacing".
std::string without_space(std::string_view json) {
  std::string out;
  bool in_string = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '"') in_string = !in_string;
    if (in_string && c == '\\') {
      out += json.substr(at, 2);
      ++at;
      continue;
    }
    if (in_string || !(c == ' ' || c == '\n' || c == '\r' || c == '\t')) out += c;
  }
  return out;
}

void check_round_trip(const fs::path& path, std::size_t& exact) {
  INFO(path.filename().string());
  std::size_t size = 0;
  const std::string text = read_padded(path, size);
  fhir::Document document;
  const auto result = fhir::read_json({text.data(), size}, document);
  REQUIRE(result.has_value());
  std::string once;
  fhir::write_json(document.root(), once);
  std::string_view body(text.data(), size);
  if (body.substr(0, 3) == "\xEF\xBB\xBF") body.remove_prefix(3);
  const std::string expected = without_space(body);
  const bool escapes_differ =
      expected.find("\\u") != std::string::npos || expected.find("\\/") != std::string::npos;
  if (!escapes_differ) REQUIRE(once == expected);
  exact += escapes_differ ? 0 : 1;

  const std::size_t once_size = once.size();
  once.append(fhir::kPadding, '\0');
  REQUIRE(fhir::read_json({once.data(), once_size}, document).has_value());
  std::string twice;
  fhir::write_json(document.root(), twice);
  REQUIRE(twice == std::string_view(once.data(), once_size));

  std::vector<fhir::TopLevelMember> members;
  REQUIRE(fhir::split_top_level(twice, members).has_value());
  REQUIRE(members.size() == document.root().child_count());
}

}  // namespace

TEST_CASE("corpus: all R4 examples and Synthea bundles round-trip byte for byte after canonical spacing") {
  std::vector<fs::path> files = json_files(kCorpus / "r4-examples");
  const std::vector<fs::path> synthea = json_files(kCorpus / "synthea");
  if (files.empty() || synthea.empty()) {
    WARN("skipped: no examples at " << kCorpus.string());
    return;
  }
  files.insert(files.end(), synthea.begin(), synthea.end());
  std::size_t exact = 0;
  for (const fs::path& path : files) check_round_trip(path, exact);
  CHECK(exact + 20 > files.size());
}
