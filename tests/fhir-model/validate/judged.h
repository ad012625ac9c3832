#pragma once
// Judges resources that tests write in place.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/xml_reader.h"
#include "fhir-model/validate/outcome.h"
#include "fhir-model/validate/validator.h"

namespace judged {

using namespace fhir::validate;

// The validator without further definitions, made once.
inline const Validator& base_validator() {
  static const Validator validator;
  return validator;
}

inline Validator validator_with(const std::vector<std::string>& definitions) {
  DefinitionFiles files;
  for (const auto& text : definitions) {
    if (!files.add(text)) throw std::runtime_error("a definition of the test cannot be read");
  }
  return Validator(std::move(files));
}

// The findings on a resource in JSON or XML.
inline std::vector<Issue> judge(std::string text, const Validator& validator = base_validator(),
                                const ValidationOptions& options = {}) {
  const std::size_t size = text.size();
  text.append(fhir::kPadding, '\0');
  const std::string_view view(text.data(), size);
  fhir::Document document;
  const auto read = fhir::looks_like_xml(view) ? fhir::read_xml(view, fhir::Definitions::r4(), document)
                                               : fhir::read_json(view, document);
  if (!read) return {issue_of(read.error())};
  Validation validation(validator);
  return validation.validate(document, options);
}

// One line a finding that is at least a warning: "error unknown-element Patient.foo".
inline std::vector<std::string> said(const std::vector<Issue>& issues, Severity least = Severity::Warning) {
  std::vector<std::string> lines;
  for (const Issue& issue : issues) {
    if (issue.severity < least) continue;
    lines.push_back(std::string(severity_code(issue.severity)) + " " +
                    std::string(message_of(issue.message).key) + " " + issue.expression);
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace judged
