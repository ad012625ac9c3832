// search of one type, by GET and by POST _search (FHIR R4 §3.1.1).
#include <utility>

#include "gateway/api/bundle.h"
#include "gateway/api/fhir_handler.h"
#include "gateway/api/outcome.h"

namespace lienthong::api {
namespace {

bool is_presentation(const std::string& name) {
  return name == "_format" || name == "_pretty";
}

// The terms of the query and, for POST, of the form in the body; the cursor apart.
bool read_terms(const net::Request& request, repository::SearchRequest& search, std::string& cursor) {
  const auto add = [&](const std::string& name, const std::string& value) {
    if (name == "_cursor") {
      cursor = value;
    } else if (!is_presentation(name)) {
      search.terms.push_back({name, value});
    }
  };
  for (const auto& [name, value] : request.parameters()) add(name, value);
  if (request.method() != "POST") return true;
  const auto type = request.header("Content-Type");
  if (!request.body().empty() && type.rfind("application/x-www-form-urlencoded", 0) != 0) return false;
  for (const auto& term : repository::parse_query(request.body())) add(term.name, term.value);
  return true;
}

// R4 §3.1.1.3: unknown parameters are an error unless the client says otherwise.
bool is_lenient(std::string_view prefer) {
  return prefer.find("handling=lenient") != std::string_view::npos;
}

std::string query_of(const std::vector<repository::SearchTerm>& terms) {
  std::string query;
  for (const auto& term : terms) {
    query += query.empty() ? '?' : '&';
    query += net::percent_encode(term.name) + "=" + net::percent_encode(term.value);
  }
  return query;
}

}  // namespace

void FhirHandler::search(Exchange exchange, store::Reader& reader) const {
  repository::SearchRequest request;
  request.type = exchange.route.type;
  std::string cursor;
  if (!read_terms(exchange.request, request, cursor)) {
    return answer(exchange,
                  error_response(415, "not-supported", "_search takes application/x-www-form-urlencoded."));
  }
  request.cursor = cursor;
  request.lenient = is_lenient(exchange.request.header("Prefer"));
  repository::SearchPage page;
  {
    auto snapshot = reader.snapshot();
    if (!snapshot) return answer(exchange, error_response(snapshot.error()));
    auto found = services_.repository.search(reader, request);
    if (!found) return answer(exchange, error_response(found.error()));
    page = std::move(*found);
  }
  const auto here = exchange.base + "/" + exchange.route.type;
  const auto query = query_of(page.used);
  std::string next;
  if (!page.next.empty()) {
    next = here + query + (query.empty() ? "?" : "&") + "_cursor=" + net::percent_encode(page.next);
  }
  answer(exchange, json_response(200, searchset(page, exchange.base, here + query, next)));
}

}  // namespace lienthong::api
