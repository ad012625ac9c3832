#include "gateway/api/route.h"

#include <utility>
#include <vector>

#include "gateway/net/http_message.h"

namespace lienthong::api {
namespace {

constexpr std::size_t kMostSegments = 4;  // Type/id/_history/version

// The path's segments, decoded; false when an escape is broken or there are too many.
bool split_path(std::string_view path, std::vector<std::string>& segments) {
  while (!path.empty()) {
    if (path.front() == '/') {
      path.remove_prefix(1);
      continue;
    }
    const auto end = path.find('/');
    std::string decoded;
    if (segments.size() == kMostSegments || !net::percent_decode(path.substr(0, end), false, decoded))
      return false;
    segments.push_back(std::move(decoded));
    if (end == std::string_view::npos) break;
    path.remove_prefix(end);
  }
  return true;
}

Routed found(Ask ask, std::string type = {}, std::string id = {}, std::string version = {}) {
  return {Route{ask, std::move(type), std::move(id), std::move(version)}, 200};
}

Routed refused(int status) {
  return {std::nullopt, status};
}

Routed system_route(std::string_view method) {
  return method == "POST" ? found(Ask::Bundle) : refused(405);
}

Routed one_segment(std::string_view method, const std::string& name, bool has_query) {
  const bool get = method == "GET" || method == "HEAD";
  if (name == "metadata") return get ? found(Ask::Capabilities) : refused(405);
  if (name == "_history") return get ? found(Ask::HistorySystem) : refused(405);
  if (name.empty() || name[0] == '_' || name[0] == '$') return refused(404);
  if (get) return found(Ask::Search, name);
  if (method == "POST") return found(Ask::Create, name);
  if (method == "PUT") return has_query ? found(Ask::ConditionalUpdate, name) : refused(405);
  if (method == "DELETE") return has_query ? found(Ask::ConditionalDelete, name) : refused(405);
  return refused(405);
}

Routed two_segments(std::string_view method, const std::string& type, const std::string& second) {
  const bool get = method == "GET" || method == "HEAD";
  if (second == "_search") return method == "POST" || get ? found(Ask::Search, type) : refused(405);
  if (second == "_history") return get ? found(Ask::HistoryType, type) : refused(405);
  if (second[0] == '$' || second[0] == '_') return refused(404);
  if (get) return found(Ask::Read, type, second);
  if (method == "PUT") return found(Ask::Update, type, second);
  if (method == "DELETE") return found(Ask::Delete, type, second);
  return refused(405);
}

}  // namespace

std::string_view name_of(Ask ask) noexcept {
  switch (ask) {
    case Ask::Capabilities:
      return "capabilities";
    case Ask::Read:
      return "read";
    case Ask::VRead:
      return "vread";
    case Ask::HistoryInstance:
      return "history-instance";
    case Ask::HistoryType:
      return "history-type";
    case Ask::HistorySystem:
      return "history-system";
    case Ask::Search:
      return "search-type";
    case Ask::Create:
      return "create";
    case Ask::Update:
    case Ask::ConditionalUpdate:
      return "update";
    case Ask::Delete:
    case Ask::ConditionalDelete:
      return "delete";
    case Ask::Bundle:
      return "transaction";
  }
  return "unknown";
}

bool is_write(Ask ask) noexcept {
  return ask >= Ask::Create;
}

Routed route_of(std::string_view method, std::string_view path, bool has_query) {
  std::vector<std::string> segments;
  if (!split_path(path, segments)) return refused(404);
  const bool get = method == "GET" || method == "HEAD";
  switch (segments.size()) {
    case 0:
      return system_route(method);
    case 1:
      return one_segment(method, segments[0], has_query);
    case 2:
      return two_segments(method, segments[0], segments[1]);
    case 3:
      if (segments[2] != "_history") return refused(404);
      return get ? found(Ask::HistoryInstance, segments[0], segments[1]) : refused(405);
    default:
      if (segments[2] != "_history") return refused(404);
      return get ? found(Ask::VRead, segments[0], segments[1], segments[3]) : refused(405);
  }
}

}  // namespace lienthong::api
