#include "gateway/app/serve_mux.h"

#include <algorithm>

#include "gateway/api/outcome.h"

namespace lienthong::app {

void Mux::mount(std::string path, std::shared_ptr<net::HttpHandler> handler) {
  mounts_.emplace_back(std::move(path), std::move(handler));
  std::sort(mounts_.begin(), mounts_.end(),
            [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

net::HttpHandler* Mux::find(std::string_view path) const {
  for (const auto& [mount, handler] : mounts_) {
    const bool below =
        path.substr(0, mount.size()) == mount && (path.size() == mount.size() || path[mount.size()] == '/');
    if (below) return handler.get();
  }
  return nullptr;
}

void Mux::handle(net::Request&& request, net::Responder responder) {
  if (auto* handler = find(request.path())) return handler->handle(std::move(request), std::move(responder));
  responder(
      api::error_response(404, "not-found", "Served here: /fhir, /ingest/{source}, /health, /metrics."));
}

std::size_t Mux::body_limit(std::string_view method, std::string_view path) const {
  const auto* handler = find(path);
  return handler == nullptr ? 0 : handler->body_limit(method, path);
}

net::Response Mux::refuse(int status, std::string_view text) const {
  const auto code = status == 413   ? "too-long"
                    : status == 503 ? "throttled"
                    : status >= 500 ? "exception"
                                    : "invalid";
  return api::error_response(status, code, text);
}

}  // namespace lienthong::app
