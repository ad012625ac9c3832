// read and vread (FHIR R4 §3.1.0.4, §3.1.0.5).
#include <utility>

#include "gateway/api/bundle.h"
#include "gateway/api/fhir_handler.h"
#include "gateway/api/http_time.h"
#include "gateway/api/outcome.h"

namespace lienthong::api {
namespace {

// Whether the header names the version: weakly compared, one of a list, or any (RFC 9110 §13.1.2).
bool names_version(std::string_view header, std::string_view tag) {
  if (header == "*") return true;
  const auto opaque = tag.substr(tag.find('"'));  // without W/
  for (std::size_t at = header.find(opaque); at != std::string_view::npos; at = header.find(opaque, at + 1)) {
    const auto before = header.substr(0, at);
    if (before.empty() || before.back() == ' ' || before.back() == ',' || before.ends_with("W/")) return true;
  }
  return false;
}

}  // namespace

void FhirHandler::read(Exchange exchange, store::Connection& connection) const {
  const auto& route = exchange.route;
  auto version = route.ask == Ask::VRead
                     ? services_.repository.read_version(connection, route.type, route.id, route.version)
                     : services_.repository.read(connection, route.type, route.id);
  if (!version) return answer(exchange, error_response(version.error()));
  const auto tag = etag(*version);
  net::Response response;
  if (names_version(exchange.request.header("If-None-Match"), tag)) {
    response.status = 304;
  } else {
    response = json_response(200, std::move(version->json));
  }
  response.headers.emplace_back("ETag", tag);
  response.headers.emplace_back("Last-Modified", http_date(version->updated));
  answer(exchange, std::move(response));
}

}  // namespace lienthong::api
