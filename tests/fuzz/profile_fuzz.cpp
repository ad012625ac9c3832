// Feeds an array of definitions and resources: profiles, value sets and questionnaires are loaded, everything
// is judged by all of them. No crash, bounded time, the same findings twice.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/validate/validator.h"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

// The values of "url" of the items: each is asked for as a profile.
std::vector<std::string> urls_in(const fhir::Node& list) {
  std::vector<std::string> urls;
  for (const fhir::Node& item : list.children()) {
    const fhir::Node* url = item.find("url");
    if (url != nullptr && url->is_string()) urls.emplace_back(url->text());
  }
  return urls;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  fhir::validate::DefinitionFiles files;
  if (!files.add(text)) return 0;
  text.append(fhir::kPadding, '\0');
  fhir::Document document;
  if (!fhir::read_json({text.data(), size}, document) || !document.root().is_array()) return 0;
  const fhir::validate::Validator validator(std::move(files));
  fhir::validate::Validation validation(validator);
  fhir::validate::ValidationOptions options;
  options.profiles = urls_in(document.root());
  std::string bundle = R"({"resourceType":"Bundle","type":"collection","entry":[)";
  for (const fhir::Node& item : document.root().children()) {
    if (!item.is_object()) continue;
    const auto start = text.data() + item.value_position();
    const fhir::Node* next = &item + item.span();
    const bool last = next == &document.root() + document.root().span();
    const auto end = last ? size : next->value_position();
    const std::string_view source(start, end - item.value_position());
    const auto brace = source.rfind('}');
    if (brace == std::string_view::npos) continue;
    bundle += bundle.back() == '[' ? "" : ",";
    bundle.append(R"({"resource":)").append(source.substr(0, brace + 1)).append("}");
  }
  bundle += "]}";
  const std::size_t length = bundle.size();
  bundle.append(fhir::kPadding, '\0');
  fhir::Document judged;
  if (!fhir::read_json({bundle.data(), length}, judged)) return 0;
  const std::size_t first = validation.validate(judged, options).size();
  demand(validation.validate(judged, options).size() == first);
  return 0;
}
