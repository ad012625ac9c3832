// Feeds resources to the search keys, and SearchParameters of one's own to the model: no crash, bounded time;
// the same resource gives the same keys.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/search/key_extractor.h"
#include "fhir-model/search/search_model.h"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

std::size_t extract_twice(const fhir::search::SearchModel& model, const fhir::Node& resource) {
  fhir::search::KeyExtractor extractor(model);
  fhir::search::SearchKeys keys;
  extractor.extract(resource, keys);
  const std::size_t first = keys.entries().size();
  extractor.extract(resource, keys);
  demand(keys.entries().size() == first);
  return first;
}

}  // namespace

// A resource; an array: its first item is a SearchParameter, the others are resources that it is asked of.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  text.append(fhir::kPadding, '\0');
  fhir::Document document;
  if (!fhir::read_json({text.data(), size}, document)) return 0;
  const fhir::Node& root = document.root();
  if (!root.is_array()) {
    extract_twice(fhir::search::SearchModel::r4(), root);
    return 0;
  }
  std::optional<fhir::search::SearchModel> own;
  for (const fhir::Node& item : root.children()) {
    if (own) {
      extract_twice(*own, item);
    } else {
      own.emplace();
      static_cast<void>(own->add(item).has_value());
    }
  }
  return 0;
}
