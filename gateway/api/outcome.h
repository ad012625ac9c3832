#pragma once
// OperationOutcome: the answer to everything that went wrong (FHIR R4 §2.28).

#include <string>
#include <string_view>

#include "gateway/base/error.h"
#include "gateway/net/http_message.h"

namespace lienthong::api {

inline constexpr std::string_view kFhirJson = "application/fhir+json; charset=utf-8";

// One issue. `code` from value set issue-type, `severity` from issue-severity.
std::string operation_outcome(std::string_view code, std::string_view text,
                              std::string_view severity = "error");

// The response to an Error: status by category (the repository's own table for its numbers), Retry-After when
// it may be tried again.
net::Response error_response(const Error& error);
net::Response error_response(int status, std::string_view code, std::string_view text);

// A JSON body with the FHIR content type.
net::Response json_response(int status, std::string body);

}  // namespace lienthong::api
