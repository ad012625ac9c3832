#pragma once
// What a Validator holds.

#include <string>
#include <vector>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/document/document.h"
#include "fhir-model/validate/plan.h"
#include "fhir-model/validate/profile_store.h"
#include "fhir-model/validate/questionnaire.h"
#include "fhir-model/validate/terminology.h"
#include "fhir-model/validate/text_map.h"
#include "fhir-model/validate/validator.h"

namespace fhir::validate {

// A file of definitions, read. The document points into the bytes.
struct LoadedFile {
  std::string bytes;
  Document document;
};

// Immutable once made; any thread.
struct ValidatorData {
  explicit ValidatorData(std::vector<std::unique_ptr<LoadedFile>> loaded);

  void add_globals(const Node& guide);

  const Definitions& definitions;
  std::vector<std::unique_ptr<LoadedFile>> files;
  Document own_profiles;  // those of R4 itself
  Terminology terminology;
  TypePlans plans;
  ProfileStore profiles;
  TextMap<std::unique_ptr<const Questionnaire>> questionnaires;  // by canonical URL without version
};

}  // namespace fhir::validate
