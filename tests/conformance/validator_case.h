#pragma once
// The official validator's R4 cases, read in place.

#include <filesystem>
#include <string>
#include <vector>

#include "fhir-model/document/document.h"

namespace conformance {

// An error that the Java validator reports.
struct ExpectedError {
  std::string line;        // of "diagnostics": "[10,24]" → "10"; empty when it gives none
  std::string expression;  // without its comments
  std::string text;
};

// One run of a case: the resource alone, or ("profile") with a profile asked for besides.
struct ValidatorCase {
  std::string name;  // "patient-bad-gender" or "patient-bad-gender#profile"
  std::string file;
  std::string profile_file;             // empty: no profile asked for
  std::vector<std::string> supporting;  // definitions to load
  bool examples_allowed = true;
  std::string excluded;               // the rule by which the case is not run; empty: it is
  std::vector<ExpectedError> errors;  // those that need no terminology server
  bool expects_error = false;
};

// All cases of manifest.json, both runs each, with what the rules in validator_case.cpp exclude marked.
std::vector<ValidatorCase> read_cases(const std::filesystem::path& folder);

// A whole file with padding behind it; `size` without it.
std::string read_padded(const std::filesystem::path& path, std::size_t& size);

// "Bundle.entry[0].resource/*Patient/1*/.gender" → "Bundle.entry[0].resource.gender".
std::string plain_expression(std::string_view expression);

}  // namespace conformance
