// create, update, delete and their conditional forms, transaction and batch (FHIR R4 §3.1.0.7 to §3.1.0.11):
// all are prepared on the io thread and done by one job of the writer.
#include <utility>

#include "gateway/api/bundle.h"
#include "gateway/api/fhir_handler.h"
#include "gateway/api/http_time.h"
#include "gateway/api/outcome.h"

namespace lienthong::api {
namespace {

repository::Interaction interaction_of(Ask ask) noexcept {
  switch (ask) {
    case Ask::Update:
      return repository::Interaction::Update;
    case Ask::ConditionalUpdate:
      return repository::Interaction::ConditionalUpdate;
    case Ask::Delete:
      return repository::Interaction::Delete;
    case Ask::ConditionalDelete:
      return repository::Interaction::ConditionalDelete;
    case Ask::Bundle:
      return repository::Interaction::Bundle;
    default:
      return repository::Interaction::Create;
  }
}

// Media types are compared without case and without their parameters (RFC 9110 §8.3.1).
bool is_json(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  for (auto& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return type.empty() || type == "application/fhir+json" || type == "application/json";
}

repository::RestRequest rest_request(const Exchange& exchange) {
  repository::RestRequest rest;
  rest.interaction = interaction_of(exchange.route.ask);
  rest.type = exchange.route.type;
  rest.id = exchange.route.id;
  rest.query = exchange.request.query();
  rest.if_none_exist = exchange.request.header("If-None-Exist");
  rest.if_match = exchange.request.header("If-Match");
  rest.body = exchange.request.body();
  if (exchange.access.facility.value != 0)
    rest.feed = repository::FeedDelivery{exchange.access.facility, std::nullopt};
  return rest;
}

// What travels with the job and back.
struct Writing {
  Exchange exchange;
  repository::PreparedRest prepared;
  repository::RestOutcome outcome;
  std::string findings;  // OperationOutcome of the check; empty: none
};

std::string_view preferred(const net::Request& request) {
  const auto prefer = request.header("Prefer");
  if (prefer.find("return=minimal") != std::string_view::npos) return "minimal";
  if (prefer.find("return=OperationOutcome") != std::string_view::npos) return "OperationOutcome";
  return "representation";
}

net::Response single_response(const Exchange& exchange, repository::RestResult& result,
                              const std::string& findings) {
  if (result.status >= 400) return error_response(result.error);
  const auto prefer = preferred(exchange.request);
  net::Response response;
  response.status = result.status;
  if (prefer == "OperationOutcome") {
    constexpr std::string_view kNothing =
        R"({"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational"}]})";
    response = json_response(result.status, findings.empty() ? std::string(kNothing) : findings);
  } else if (prefer == "representation" && !result.resource.json.empty()) {
    response = json_response(result.status, std::move(result.resource.json));
  }
  if (!result.resource.id.empty() && result.resource.version > 0) {
    response.headers.emplace_back("ETag", etag(result.resource));
    response.headers.emplace_back("Last-Modified", http_date(result.resource.updated));
    const bool located = result.status == 201 || exchange.route.ask != Ask::Delete;
    if (located)
      response.headers.emplace_back("Location", exchange.base + "/" + versioned_path(result.resource));
  }
  return response;
}

}  // namespace

void FhirHandler::write(Exchange exchange) {
  if (!exchange.request.body().empty() && !is_json(exchange.request.header("Content-Type"))) {
    return answer(exchange, error_response(415, "not-supported", "Bodies are application/fhir+json."));
  }
  std::string findings;
  if (auto refusal = check_->refusal(exchange.request, findings))
    return answer(exchange, std::move(*refusal));
  auto prepared = services_.repository.prepare_rest(rest_request(exchange));
  if (!prepared) return answer(exchange, error_response(prepared.error()));
  auto writing =
      std::make_shared<Writing>(Writing{std::move(exchange), std::move(*prepared), {}, std::move(findings)});
  store::Job job;
  job.bytes = writing->prepared.bytes();
  job.executor = services_.executor(writing->exchange.request.io_thread());
  job.work = [this, writing](store::Transaction& transaction) -> Result<void> {
    const auto now = services_.clock.now();
    auto outcome = services_.repository.write(transaction, writing->prepared, now);
    if (!outcome) return forward(outcome);
    writing->outcome = std::move(*outcome);
    if (services_.on_changes) return services_.on_changes(transaction, writing->outcome.changes, now);
    return {};
  };
  job.completion = [this, writing](Result<void> result) {
    if (!result) return answer(writing->exchange, error_response(result.error()));
    committed(writing->exchange, writing->outcome, writing->findings);
  };
  auto submitted = services_.store.submit(std::move(job));
  if (!submitted) answer(writing->exchange, error_response(submitted.error()));
}

void FhirHandler::committed(Exchange& exchange, const repository::RestOutcome& outcome,
                            const std::string& findings) const {
  if (exchange.route.ask == Ask::Bundle) {
    const bool minimal = preferred(exchange.request) == "minimal";
    return answer(exchange, json_response(200, bundle_response(outcome, minimal)));
  }
  if (outcome.results.empty())
    return answer(exchange, error_response(500, "exception", "The write left no result."));
  auto result = outcome.results.front();
  answer(exchange, single_response(exchange, result, findings));
}

}  // namespace lienthong::api
