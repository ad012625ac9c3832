#include "gateway/net/http_server.h"

#include "gateway/net/http_connection.h"
#include "gateway/net/listener.h"

namespace lienthong::net {
namespace {

class ListeningHttpServer final : public HttpServer {
 public:
  explicit ListeningHttpServer(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}
  ~ListeningHttpServer() override { listener_->stop_accepting(); }
  Endpoint endpoint() const override { return listener_->endpoint(); }
  ListenerCounts counts() const override { return listener_->counts(); }
  void stop_accepting() override { listener_->stop_accepting(); }

 private:
  std::shared_ptr<Listener> listener_;
};

constexpr std::size_t kDefaultBodyLimit = std::size_t{1} << 20;

}  // namespace

std::size_t HttpHandler::body_limit(std::string_view, std::string_view) const {
  return kDefaultBodyLimit;
}

Response HttpHandler::refuse(int status, std::string_view text) const {
  Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  response.body.assign(text).push_back('\n');
  return response;
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(IoThreads& threads, HttpServerOptions options,
                                                      std::shared_ptr<HttpHandler> handler) {
  auto shared = std::make_shared<const HttpShared>(
      HttpShared{std::move(handler), options.header_limit, options.memory_body,
                 std::move(options.spool_folder), options.budget});
  auto listener = Listener::open(threads,
                                 {std::move(options.endpoint), std::move(options.tls),
                                  std::move(options.allow), options.connections, options.timeouts},
                                 [shared](ConnectionParts parts) {
                                   std::make_shared<HttpConnection>(std::move(parts), shared)->start();
                                 });
  if (!listener) return forward(listener);
  return std::make_unique<ListeningHttpServer>(std::move(*listener));
}

}  // namespace lienthong::net
