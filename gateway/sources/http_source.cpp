#include "gateway/sources/http_source.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "gateway/base/json_text.h"

namespace lienthong::sources {
namespace {

constexpr std::size_t kMostIssues = 1000;  // of one answer

void append_issue(std::string& out, std::string_view severity, std::string_view code, std::string_view text,
                  std::string_view where) {
  out += out.back() == '[' ? "{\"severity\":" : ",{\"severity\":";
  append_json_string(out, severity);
  out += ",\"code\":";
  append_json_string(out, code);
  out += ",\"diagnostics\":";
  append_json_string(out, text);
  if (!where.empty()) {
    out += ",\"location\":[";
    append_json_string(out, where);
    out += ']';
  }
  out += '}';
}

net::Response outcome_response(int status, std::string body) {
  net::Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/fhir+json; charset=utf-8");
  response.body = std::move(body);
  if (status == 503) response.headers.emplace_back("Retry-After", "5");
  return response;
}

net::Response plain_refusal(int status, std::string_view code, std::string_view text) {
  std::string body = "{\"resourceType\":\"OperationOutcome\",\"issue\":[";
  append_issue(body, "error", code, text, {});
  return outcome_response(status, body + "]}");
}

std::string_view fate_text(const intake::Outcome& outcome) {
  if (outcome.duplicate) return "repeated";
  switch (outcome.fate) {
    case intake::Fate::Stored:
      return "stored";
    case intake::Fate::Refused:
      return "refused";
    case intake::Fate::Quarantined:
      return "quarantined";
    case intake::Fate::Busy:
      return "not kept, send it again";
  }
  return "";
}

int status_of(const std::vector<intake::Outcome>& outcomes) {
  int status = 200;
  for (const auto& outcome : outcomes) {
    if (outcome.fate == intake::Fate::Busy) return 503;
    if (outcome.fate != intake::Fate::Stored) status = 422;
  }
  return status;
}

void append_outcome(std::string& out, const intake::Outcome& outcome, std::size_t position,
                    const IngestOptions& options) {
  const auto message = "message " + std::to_string(position + 1);
  const auto number = outcome.number.value == Uuid{} ? std::string() : " " + to_string(outcome.number.value);
  const bool good = outcome.fate == intake::Fate::Stored;
  append_issue(out, good ? "information" : "error", good ? "informational" : "processing",
               message + number + ": " + std::string(fate_text(outcome)), {});
  for (const auto& problem : outcome.problems) {
    const auto* entry = options.catalogue->find(problem.catalogue, problem.number);
    append_issue(out, name_of(problem.severity),
                 entry == nullptr ? "processing" : std::string_view(entry->issue_code),
                 "LT-" + std::to_string(problem.number) + ": " +
                     options.catalogue->text(problem, options.language, false),
                 message + (problem.where_input.empty() ? "" : ", " + problem.where_input));
  }
}

net::Response response_of(const std::vector<intake::Outcome>& outcomes, const IngestOptions& options) {
  std::string body = "{\"resourceType\":\"OperationOutcome\",\"issue\":[";
  for (std::size_t i = 0; i < std::min(outcomes.size(), kMostIssues); ++i)
    append_outcome(body, outcomes[i], i, options);
  return outcome_response(status_of(outcomes), body + "]}");
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
      worker, body, [this, respond = std::move(responder)](std::vector<intake::Outcome> outcomes) mutable {
        respond(response_of(outcomes, options_));
      });
}

}  // namespace lienthong::sources
