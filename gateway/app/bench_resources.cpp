// bench validate, bench extract: every resource of a file of NDJSON (resources, or Bundles whose entries are
// taken apart unless --whole is given) is read and judged, or read and keyed, on one core.

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/top_level_members.h"
#include "fhir-model/search/key_extractor.h"
#include "fhir-model/search/search_model.h"
#include "fhir-model/validate/validator.h"
#include "gateway/app/bench.h"
#include "gateway/app/definition_folder.h"
#include "gateway/app/file.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/base/bytes.h"

namespace lienthong::app {
namespace {

struct Resources {
  std::vector<PaddedBytes> texts;
  std::size_t bytes = 0;

  void add(std::string_view text) {
    texts.emplace_back(text);
    bytes += text.size();
  }
};

// The items of a JSON array's text, which read_json has accepted.
void add_entries(std::string_view array, Resources& resources) {
  std::size_t depth = 0;
  std::size_t start = 0;
  bool in_string = false;
  std::vector<fhir::TopLevelMember> members;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const char c = array[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{' && depth++ == 0) start = i;
    if (c != '}' || --depth != 0) continue;
    if (!fhir::split_top_level(array.substr(start, i + 1 - start), members)) continue;
    for (const auto& member : members) {
      if (member.name == "resource") resources.add(member.value);
    }
  }
}

void add_line(std::string_view line, Resources& resources) {
  std::vector<fhir::TopLevelMember> members;
  if (!fhir::split_top_level(line, members)) return;
  for (const auto& member : members) {
    if (member.name == "entry") return add_entries(member.value, resources);
  }
  resources.add(line);
}

// Nothing when there is no such file, which has been said.
std::optional<Resources> read_resources(const Invocation& call) {
  const auto path = call.text("--file");
  if (path.empty()) return call.say(kTooFewArguments, {"--file"}), std::nullopt;
  const auto text = read_file(path);
  if (!text) return call.say(text.error()), std::nullopt;
  Resources resources;
  std::string_view rest = *text;
  while (!rest.empty() && resources.texts.size() < 200'000) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (line.empty()) continue;
    if (call.has("--whole")) {
      resources.add(line);
    } else {
      add_line(line, resources);
    }
  }
  return resources;
}

// Runs `work` over all documents some times and prints a line a run. Reading is part of it.
template <class Work>
int measure(const Invocation& call, std::string_view name, Work work) {
  const auto runs = call.number("--runs", 1, 1'000, 5);
  if (!runs) return kCallWrong;
  const auto resources = read_resources(call);
  if (!resources) return kCallWrong;
  fhir::Document document;
  for (std::int64_t run = 0; run < *runs; ++run) {
    std::size_t unreadable = 0;
    std::size_t found = 0;
    const auto start = processor_seconds();
    for (const auto& text : resources->texts) {
      if (fhir::read_json(text.view(), document)) {
        found += work(document);
      } else {
        ++unreadable;
      }
    }
    const auto took = processor_seconds() - start;
    const auto count = static_cast<double>(resources->texts.size());
    std::fputs(fmt::format("{{\"bench\":\"{}\",\"resources\":{},\"bytes_per_resource\":{:.0f},"
                           "\"microseconds_per_resource\":{:.2f},\"resources_per_processor_second\":{:.0f},"
                           "\"found\":{},\"unreadable\":{}}}\n",
                           name, resources->texts.size(), static_cast<double>(resources->bytes) / count,
                           took / count * 1e6, count / took, found, unreadable)
                   .c_str(),
               stdout);
  }
  return kAllDone;
}

}  // namespace

int bench_validate(const Invocation& call) {
  fhir::validate::DefinitionFiles definitions;
  if (call.has("--definitions") && !load_definitions(call, call.text("--definitions"), definitions)) {
    return kCallWrong;
  }
  const fhir::validate::Validator validator(std::move(definitions));
  fhir::validate::Validation validation(validator);
  return measure(call, "validate", [&](const fhir::Document& document) {
    return fhir::validate::error_count(validation.validate(document));
  });
}

int bench_extract(const Invocation& call) {
  fhir::search::KeyExtractor extractor(fhir::search::SearchModel::r4());
  fhir::search::SearchKeys keys;
  return measure(call, "extract", [&](const fhir::Document& document) {
    extractor.extract(document.root(), keys);
    return keys.entries().size();
  });
}

}  // namespace lienthong::app
