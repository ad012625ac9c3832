#include "gateway/api/outcome.h"

#include <utility>

#include "gateway/base/json_text.h"
#include "gateway/repository/rest.h"

namespace lienthong::api {

std::string operation_outcome(std::string_view code, std::string_view text, std::string_view severity) {
  std::string body = R"({"resourceType":"OperationOutcome","issue":[{"severity":)";
  append_json_string(body, severity);
  body += ",\"code\":";
  append_json_string(body, code);
  body += ",\"diagnostics\":";
  append_json_string(body, text);
  body += "}]}";
  return body;
}

net::Response json_response(int status, std::string body) {
  net::Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", kFhirJson);
  response.body = std::move(body);
  return response;
}

net::Response error_response(int status, std::string_view code, std::string_view text) {
  return json_response(status, operation_outcome(code, text));
}

net::Response error_response(const Error& error) {
  const auto& meaning = meaning_of(error.category);
  auto response = error_response(repository::http_status(error), meaning.fhir_issue_code, to_string(error));
  if (meaning.retry) response.headers.emplace_back("Retry-After", "5");
  return response;
}

}  // namespace lienthong::api
