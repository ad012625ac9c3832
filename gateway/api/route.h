#pragma once
// What a request asks for: FHIR R4 §3.1.0's paths, read from method and path.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lienthong::api {

enum class Ask : std::uint8_t {
  Capabilities,
  Read,
  VRead,
  HistoryInstance,
  HistoryType,
  HistorySystem,
  Search,
  Create,
  Update,
  ConditionalUpdate,
  Delete,
  ConditionalDelete,
  Bundle,
};

// FHIR's code of the interaction ("read", "search-type" …), for the audit and metrics.
std::string_view name_of(Ask ask) noexcept;
bool is_write(Ask ask) noexcept;

struct Route {
  Ask ask = Ask::Read;
  std::string type, id, version;
};

// A route, or the HTTP status that answers: 404 (no such path) or 405 (not with this method). `path` begins
// behind the FHIR base ("" or "/Patient/1") and is percent-encoded. POST …/_search is Search.
struct Routed {
  std::optional<Route> route;
  int status = 404;
};
Routed route_of(std::string_view method, std::string_view path, bool has_query);

}  // namespace lienthong::api
