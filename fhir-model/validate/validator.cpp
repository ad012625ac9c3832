#include "fhir-model/validate/validator.h"

#include <cstring>
#include <stdexcept>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/xml_reader.h"
#include "fhir-model/validate/own_profiles.h"
#include "fhir-model/validate/validator_data.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {
namespace {

// Calls `call` with each resource of the file: itself, or the entries of a Bundle.
template <class Call>
void for_each_resource(const Node& root, Call&& call) {
  if (root.is_array()) {
    for (const Node& item : root.children()) call(item);
    return;
  }
  call(root);
  if (root.resource_type() != "Bundle") return;
  const Node* entries = root.find(atoms::kEntry);
  if (entries == nullptr) return;
  for (const Node& entry : entries->children()) {
    if (const Node* resource = entry.find(atoms::kResource)) call(*resource);
  }
}

bool is_definition(const Node& resource) {
  const auto type = resource.resource_type();
  return type == "StructureDefinition" || type == "ValueSet" || type == "CodeSystem" ||
         type == "ImplementationGuide" || type == "Questionnaire";
}

}  // namespace

DefinitionFiles::DefinitionFiles() = default;
DefinitionFiles::~DefinitionFiles() = default;
DefinitionFiles::DefinitionFiles(DefinitionFiles&&) noexcept = default;
DefinitionFiles& DefinitionFiles::operator=(DefinitionFiles&&) noexcept = default;

tl::expected<std::size_t, std::string> DefinitionFiles::add(std::string_view text) {
  auto file = std::make_unique<LoadedFile>();
  file->bytes = text;
  file->bytes.append(kPadding, '\0');
  const std::string_view padded(file->bytes.data(), text.size());
  const auto read = looks_like_xml(padded)
                        ? read_xml(padded, Definitions::r4(), file->document, {}, XmlOrder::Any)
                        : read_json(padded, file->document);
  if (!read) {
    return tl::unexpected("line " + std::to_string(read.error().line) + ": " +
                          std::string(read.error().message));
  }
  std::size_t count = 0;
  for_each_resource(file->document.root(), [&](const Node& one) { count += is_definition(one) ? 1U : 0U; });
  if (count != 0) files_.push_back(std::move(file));
  return count;
}

ValidatorData::ValidatorData(std::vector<std::unique_ptr<LoadedFile>> loaded)
    : definitions(Definitions::r4()),
      files(std::move(loaded)),
      terminology(definitions),
      plans(definitions, terminology),
      profiles(definitions, terminology) {
  if (!read_json(own_profiles_json(), own_profiles))
    throw std::logic_error("the profiles of R4 cannot be read");
  for_each_resource(own_profiles.root(), [&](const Node& one) { profiles.add(one); });
  for (const auto& file : files) {
    for_each_resource(file->document.root(), [&](const Node& one) {
      const auto type = one.resource_type();
      if (type == "CodeSystem") terminology.add_code_system(one);
      if (type == "ValueSet") terminology.add_value_set(one);
      if (type == "StructureDefinition") profiles.add(one);
      if (type == "ImplementationGuide") add_globals(one);
    });
  }
  profiles.build();
  // Their items refer to value sets, which are all known by now.
  for (const auto& file : files) {
    for_each_resource(file->document.root(), [&](const Node& one) {
      const auto url = bare_canonical(one.member_text(atoms::kUrl));
      if (one.resource_type() != "Questionnaire" || url.empty()) return;
      questionnaires[std::string(url)] = std::make_unique<const Questionnaire>(definitions, terminology, one);
    });
  }
}

void ValidatorData::add_globals(const Node& guide) {
  const Node* list = guide.find(atoms::kGlobal);
  if (list == nullptr) return;
  for (const Node& item : list->children()) {
    profiles.add_global(item.member_text(atoms::kType), item.member_text(atoms::kProfile));
  }
}

Validator::Validator(DefinitionFiles files)
    : data_(std::make_unique<ValidatorData>(std::move(files.files_))) {}
Validator::~Validator() = default;
Validator::Validator(Validator&&) noexcept = default;
Validator& Validator::operator=(Validator&&) noexcept = default;

const std::vector<std::string>& Validator::problems() const {
  return data_->profiles.problems();
}

bool Validator::knows_profile(std::string_view url) const {
  return data_->profiles.find(url) != nullptr;
}

Validation::Validation(const Validator& validator) : walk_(std::make_unique<Walk>(validator.data())) {}
Validation::~Validation() = default;
Validation::Validation(Validation&&) noexcept = default;
Validation& Validation::operator=(Validation&&) noexcept = default;

const std::vector<Issue>& Validation::validate(const Document& document, const ValidationOptions& options) {
  return walk_->run(document, options);
}

}  // namespace fhir::validate
