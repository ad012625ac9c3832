#include "gateway/sources/http_source.h"

#include <utility>
#include <vector>

#include "gateway/base/json_text.h"
#include "gateway/sources/outcome_report.h"

namespace lienthong::sources {
namespace {

net::Response outcome_response(int status, std::string body) {
  net::Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/fhir+json; charset=utf-8");
  response.body = std::move(body);
  if (status == 503) response.headers.emplace_back("Retry-After", "5");
  return response;
}

net::Response plain_refusal(int status, std::string_view code, std::string_view text) {
  std::string body = R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":)";
  append_json_string(body, code);
  body += ",\"diagnostics\":";
  append_json_string(body, text);
  return outcome_response(status, body + "}]}");
}

int status_of(const std::vector<intake::Outcome>& outcomes) {
  int status = 200;
  for (const auto& outcome : outcomes) {
    if (outcome.fate == intake::Fate::Busy) return 503;
    if (outcome.fate != intake::Fate::Stored) status = 422;
  }
  return status;
}

net::Response response_of(const std::vector<intake::Outcome>& outcomes, const IngestOptions& options) {
  OutcomeReport report(*options.catalogue, options.language,
                       std::string(word_in(options.language, "the body", "nội dung gửi")));
  for (std::size_t i = 0; i < outcomes.size(); ++i) report.add(i, outcomes[i]);
  return outcome_response(status_of(outcomes), report.json());
}

}  // namespace

void IngestHandler::handle(net::Request&& request, net::Responder responder) {
  const auto path = request.path();
  const auto name =
      path.size() > options_.mount.size() ? path.substr(options_.mount.size() + 1) : std::string_view();
  const auto found = takers_.find(name);
  if (found == takers_.end()) return responder(plain_refusal(404, "not-found", "There is no such source."));
  if (request.method() != "POST") {
    auto refusal = plain_refusal(405, "not-supported", "Messages are posted.");
    refusal.headers.emplace_back("Allow", "POST");
    return responder(std::move(refusal));
  }
  const int status = options_.may_write ? options_.may_write(request, name) : 200;
  if (status != 200) {
    auto refusal = plain_refusal(status, status == 401 ? "login" : "forbidden",
                                 "This source needs a token that may write to it.");
    if (status == 401) refusal.headers.emplace_back("WWW-Authenticate", "Bearer");
    return responder(std::move(refusal));
  }
  const auto worker = request.io_thread();
  const auto body = request.body();
  found->second->take_all(
      worker, body, request.body_owner(),
      [this, respond = std::move(responder)](std::vector<intake::Outcome> outcomes) mutable {
        respond(response_of(outcomes, options_));
      });
}

}  // namespace lienthong::sources
