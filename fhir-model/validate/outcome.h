#pragma once
// Findings → OperationOutcome.

#include <string>
#include <vector>

#include "fhir-model/document/read_error.h"
#include "fhir-model/validate/issue.h"

namespace fhir::validate {

// Appends an OperationOutcome in JSON, on one line, to `out`: one issue a finding with severity, code,
// details (the message's key as a code, the English text, the Vietnamese one as translation extension),
// expression, and line and column as the extensions that R4 defines for them. Without findings: one
// informational issue that all is well.
// `file`: the source, named in the extension operationoutcome-file; empty: it is not.
void append_outcome(const std::vector<Issue>& issues, std::string& out, std::string_view file = {});

// A text that could not be read, as the one fatal finding.
Issue issue_of(const ReadError& error);

}  // namespace fhir::validate
