#pragma once
// Judges resources by FHIR R4 and by profiles.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/document/document.h"
#include "fhir-model/validate/issue.h"

namespace fhir::validate {

struct ValidatorData;
struct LoadedFile;

// Definitions beside those of R4: StructureDefinitions (with a differential or a snapshot), ValueSets,
// CodeSystems, Questionnaires, ImplementationGuides (for their global profiles), alone or in Bundles, in JSON
// or XML. Other resources are passed over. One thread.
class DefinitionFiles {
 public:
  DefinitionFiles();
  ~DefinitionFiles();
  DefinitionFiles(DefinitionFiles&&) noexcept;
  DefinitionFiles& operator=(DefinitionFiles&&) noexcept;

  // Takes a copy of `text`. Returns the number of definitions in it, or why it cannot be read.
  tl::expected<std::size_t, std::string> add(std::string_view text);

 private:
  friend class Validator;
  std::vector<std::unique_ptr<LoadedFile>> files_;
};

// All that is known at the start. Immutable after the constructor, shared by any number of threads; keep it
// alive while a Validation uses it. The time of a validation does not depend on how much is loaded.
class Validator {
 public:
  explicit Validator(DefinitionFiles files = {});
  ~Validator();
  Validator(Validator&&) noexcept;
  Validator& operator=(Validator&&) noexcept;

  // Definitions that could not be understood, one sentence each.
  const std::vector<std::string>& problems() const;
  // Is a profile of that canonical URL known?
  bool knows_profile(std::string_view url) const;
  const ValidatorData& data() const { return *data_; }

 private:
  std::unique_ptr<ValidatorData> data_;
};

// How one resource is judged.
struct ValidationOptions {
  std::vector<std::string> profiles;  // canonical URLs that the resource must conform to, besides its own
  bool unknown_extensions_allowed = true;  // else an error, as for modifier extensions
  bool example_urls_allowed = true;        // example.org and the like in extensions and references
  bool wrong_displays_refused = false;     // displays that are not the code's are errors, else warnings
  bool best_practice = false;              // report what R4 only recommends (dom-6: a narrative)
  std::size_t max_issues = 1000;           // findings kept for one resource
};

// A worker: one a thread, reused from resource to resource so that its memory is.
class Validation {
 public:
  explicit Validation(const Validator& validator);
  ~Validation();
  Validation(Validation&&) noexcept;
  Validation& operator=(Validation&&) noexcept;

  // Judges the resource. The findings are valid until the next call. Time is linear in the size of the
  // document; a limit that is reached is a finding. Allocates nothing for usual resources without findings.
  const std::vector<Issue>& validate(const Document& document, const ValidationOptions& options = {});

 private:
  std::unique_ptr<class Walk> walk_;
};

}  // namespace fhir::validate
