// Feeds resources and definitions to the validator: no crash, bounded time; the same input gives the same
// findings, and the outcome is JSON.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/xml_reader.h"
#include "fhir-model/validate/outcome.h"
#include "fhir-model/validate/validator.h"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

const fhir::validate::Validator& base_validator() {
  static const fhir::validate::Validator validator;
  return validator;
}

void check_outcome(const std::vector<fhir::validate::Issue>& issues) {
  std::string json;
  fhir::validate::append_outcome(issues, json);
  const std::size_t size = json.size();
  json.append(fhir::kPadding, '\0');
  fhir::Document document;
  demand(fhir::read_json({json.data(), size}, document).has_value());
}

}  // namespace

// The first byte chooses: judge the rest as a resource, or load it as definitions and judge it by them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  fhir::validate::DefinitionFiles files;
  const bool load = data[0] % 16 == 0 && files.add(text).has_value();
  text.append(fhir::kPadding, '\0');
  const std::string_view view(text.data(), size - 1);
  fhir::Document document;
  const auto read = fhir::looks_like_xml(view) ? fhir::read_xml(view, fhir::Definitions::r4(), document)
                                               : fhir::read_json(view, document);
  if (!read) return 0;
  std::optional<fhir::validate::Validator> own;
  if (load) own.emplace(std::move(files));
  fhir::validate::Validation validation(own ? *own : base_validator());
  fhir::validate::ValidationOptions options;
  options.best_practice = true;
  const std::size_t first = validation.validate(document, options).size();
  const auto& again = validation.validate(document, options);
  demand(first == again.size());
  check_outcome(again);
  return 0;
}
