// history of a resource, a type, the system (FHIR R4 §3.1.0.11).
#include <charconv>
#include <utility>

#include "gateway/api/bundle.h"
#include "gateway/api/fhir_handler.h"
#include "gateway/api/outcome.h"
#include "gateway/api/parse_time.h"

namespace lienthong::api {
namespace {

constexpr std::uint32_t kMostVersions = 1000;

// Reads the parameters; false with the refusal in `response` when one is wrong.
bool read_parameters(const net::Request& request, repository::HistoryRequest& history,
                     net::Response& response) {
  for (const auto& [name, value] : request.parameters()) {
    if (name == "_count") {
      std::uint32_t count = 0;
      const auto [end, code] = std::from_chars(value.data(), value.data() + value.size(), count);
      if (code != std::errc() || end != value.data() + value.size()) {
        response = error_response(400, "invalid", "_count is not a number.");
        return false;
      }
      history.count = std::min(count, kMostVersions);
    } else if (name == "_since") {
      history.since = parse_fhir_instant(value);
      if (!history.since) {
        response =
            error_response(400, "invalid", "_since is not an instant such as 2026-03-02T07:15:00+07:00.");
        return false;
      }
    } else if (name == "_cursor") {
      history.cursor = value;
    } else if (name != "_format" && name != "_pretty") {
      response = error_response(400, "not-supported", "History knows _count and _since.");
      return false;
    }
  }
  return true;
}

// A cursor belongs to its question, so the next page must ask it in the same words.
std::string since_of(const net::Request& request) {
  std::string since;
  for (const auto& [name, value] : request.parameters()) {
    if (name == "_since") since = "&_since=" + net::percent_encode(value);
  }
  return since;
}

}  // namespace

void FhirHandler::history(Exchange exchange, store::Reader& reader) const {
  repository::HistoryRequest request;
  request.type = exchange.route.type;
  request.id = exchange.route.id;
  net::Response refusal;
  if (!read_parameters(exchange.request, request, refusal)) return answer(exchange, std::move(refusal));
  auto page = services_.repository.history(reader, request);
  if (!page) return answer(exchange, error_response(page.error()));
  const auto path = std::string(exchange.request.path().substr(mount_.size()));
  const auto here = exchange.base + path;
  std::string next;
  if (!page->next.empty()) {
    next = here + "?_count=" + std::to_string(request.count) + since_of(exchange.request) +
           "&_cursor=" + net::percent_encode(page->next);
  }
  const auto self =
      exchange.request.query().empty() ? here : here + "?" + std::string(exchange.request.query());
  answer(exchange, json_response(200, history_bundle(*page, exchange.base, self, next)));
}

}  // namespace lienthong::api
