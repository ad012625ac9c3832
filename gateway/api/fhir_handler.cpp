#include "gateway/api/fhir_handler.h"

#include <utility>

#include "gateway/api/outcome.h"
#include "gateway/base/metric_table.h"

namespace lienthong::api {
namespace {

std::string_view status_class(int status) {
  if (status < 300) return "2xx";
  if (status < 400) return "3xx";
  return status < 500 ? "4xx" : "5xx";
}

// The answer to a path or method that is not served; a 405 names the methods that are (RFC 9110 §15.5.6).
net::Response unrouted(int status, std::string_view path, bool has_query) {
  if (status != 405) {
    return error_response(404, "not-found",
                          "There is no such path; see the CapabilityStatement at metadata.");
  }
  auto response = error_response(405, "not-supported", "This path does not serve this method.");
  std::string allowed;
  for (const std::string_view method : {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
    if (route_of(method, path, has_query).route) allowed.append(allowed.empty() ? "" : ", ").append(method);
  }
  response.headers.emplace_back("Allow", std::move(allowed));
  return response;
}

}  // namespace

FhirHandler::FhirHandler(ApiServices services, std::string mount)
    : services_(std::move(services)), mount_(std::move(mount)) {
  for (int ask = 0; ask <= static_cast<int>(Ask::Bundle); ++ask) {
    const std::string name(name_of(static_cast<Ask>(ask)));
    took_[name] = &services_.metrics.histogram(metric::kHttpSeconds, {{"interaction", name}});
  }
}

Result<std::shared_ptr<FhirHandler>> FhirHandler::make(ApiServices services, std::string mount) {
  std::shared_ptr<FhirHandler> made(new FhirHandler(std::move(services), std::move(mount)));
  auto pool = ReadPool::make(made->services_.store, made->services_.search_threads);
  if (!pool) return forward(pool);
  made->pool_ = std::move(*pool);
  const auto& own = made->services_;
  made->check_ = std::make_unique<WriteCheck>(own.validator, own.check, own.io_threads, own.metrics);
  for (unsigned i = 0; i < made->services_.io_threads; ++i) {
    auto reader = made->services_.store.open_reader();
    if (!reader) return forward(reader);
    made->readers_.push_back(std::move(*reader));
  }
  return made;
}

void FhirHandler::handle(net::Request&& request, net::Responder responder) {
  Exchange exchange;
  exchange.begun = std::chrono::steady_clock::now();
  exchange.request = std::move(request);
  exchange.responder = std::move(responder);
  const auto& asked = exchange.request;
  auto routed = route_of(asked.method(), asked.path().substr(mount_.size()), !asked.query().empty());
  if (!routed.route) {
    exchange.responder(unrouted(routed.status, asked.path().substr(mount_.size()), !asked.query().empty()));
    return;
  }
  exchange.route = std::move(*routed.route);
  exchange.base = base_of(asked);
  exchange.access = access_of(services_.tokens, asked, is_write(exchange.route.ask));
  // What the server can do is no secret (FHIR R4 §3.1.0.14); everything else is.
  if (exchange.access.status != 200 && exchange.route.ask != Ask::Capabilities) {
    auto response = exchange.access.status == 401
                        ? error_response(401, "login", "A bearer token is needed.")
                        : error_response(403, "forbidden", "This token may not do that.");
    if (exchange.access.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return answer(exchange, std::move(response));
  }
  switch (exchange.route.ask) {
    case Ask::Capabilities:
      return capabilities(std::move(exchange));
    case Ask::Read:
    case Ask::VRead: {
      auto& reader = *readers_[exchange.request.io_thread()];
      return read(std::move(exchange), reader);
    }
    case Ask::Search:
      return in_pool(std::move(exchange), &FhirHandler::search);
    case Ask::HistoryInstance:
    case Ask::HistoryType:
    case Ask::HistorySystem:
      return in_pool(std::move(exchange), &FhirHandler::history);
    default:
      return write(std::move(exchange));
  }
}

void FhirHandler::in_pool(Exchange exchange,
                          void (FhirHandler::*interaction)(Exchange, store::Reader&) const) const {
  auto shared = std::make_shared<Exchange>(std::move(exchange));
  const bool added = pool_->add([this, shared, interaction](store::Reader& reader) {
    (this->*interaction)(std::move(*shared), reader);
  });
  if (!added) answer(*shared, error_response(Error{Category::Busy, 8001, "too many searches wait"}));
}

void FhirHandler::answer(Exchange& exchange, net::Response&& response) const {
  const auto interaction = name_of(exchange.route.ask);
  if (const auto found = took_.find(interaction); found != took_.end()) {
    found->second->observe(std::chrono::steady_clock::now() - exchange.begun);
  }
  services_.metrics
      .counter(metric::kHttpRequests,
               {{"interaction", interaction}, {"status", status_class(response.status)}})
      .add();
  if (services_.audit && exchange.route.ask != Ask::Capabilities) {
    const auto& peer = exchange.request.peer();
    services_.audit({exchange.access.who,
                     peer == nullptr ? std::string_view() : std::string_view(peer->address), interaction,
                     exchange.route.type, exchange.route.id, response.status});
  }
  exchange.responder(std::move(response));
}

std::size_t FhirHandler::body_limit(std::string_view method, std::string_view) const {
  return method == "GET" || method == "HEAD" || method == "DELETE" ? 0 : services_.body_limit;
}

net::Response FhirHandler::refuse(int status, std::string_view text) const {
  const auto code = status == 413   ? "too-long"
                    : status == 503 ? "throttled"
                    : status >= 500 ? "exception"
                                    : "invalid";
  return error_response(status, code, text);
}

std::string FhirHandler::base_of(const net::Request& request) const {
  if (!services_.base_url.empty()) return services_.base_url;
  const bool tls = request.peer() != nullptr && request.peer()->tls;
  return (tls ? "https://" : "http://") + std::string(request.header("Host")) + mount_;
}

}  // namespace lienthong::api
