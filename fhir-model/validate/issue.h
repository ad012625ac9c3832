#pragma once
// What the validator finds.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/validate/message.h"

namespace fhir::validate {

// As in OperationOutcome.issue.severity. A resource is valid when it has neither errors nor fatal issues.
enum class Severity : std::uint8_t { Information, Warning, Error, Fatal };

// One finding. Plain value, owns its texts.
struct Issue {
  Severity severity = Severity::Error;
  MessageId message{};
  std::uint32_t line = 0;              // 1-based, of the source; 0 where there is no source position
  std::uint32_t column = 0;            // 1-based, in bytes
  std::string expression;              // FHIRPath with indexes: "Bundle.entry[0].resource.name[1].family"
  std::vector<std::string> arguments;  // of the message's texts, in order
};

// The word of the specification: "error".
std::string_view severity_code(Severity severity);
// Whole sentences with the arguments put in.
std::string english_text(const Issue& issue);
std::string vietnamese_text(const Issue& issue);

// Errors and fatal issues among them.
std::size_t error_count(const std::vector<Issue>& issues);

}  // namespace fhir::validate
