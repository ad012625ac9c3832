#include "gateway/net/stream_server.h"

#include "gateway/net/listener.h"
#include "gateway/net/stream_connection.h"

namespace lienthong::net {
namespace {

class ListeningStreamServer final : public StreamServer {
 public:
  explicit ListeningStreamServer(std::shared_ptr<Listener> listener) : listener_(std::move(listener)) {}
  ~ListeningStreamServer() override { listener_->stop_accepting(); }
  Endpoint endpoint() const override { return listener_->endpoint(); }
  ListenerCounts counts() const override { return listener_->counts(); }
  void stop_accepting() override { listener_->stop_accepting(); }

 private:
  std::shared_ptr<Listener> listener_;
};

}  // namespace

Result<std::unique_ptr<StreamServer>> StreamServer::start(IoThreads& threads, StreamServerOptions options,
                                                          StreamHandlerFactory factory) {
  auto shared = std::make_shared<const StreamHandlerFactory>(std::move(factory));
  auto listener =
      Listener::open(threads,
                     {std::move(options.endpoint), std::move(options.tls), std::move(options.allow),
                      options.connections, options.timeouts},
                     [shared](ConnectionParts parts) {
                       auto make = [shared](const Peer& peer) { return (*shared)(peer); };
                       std::make_shared<StreamConnection>(std::move(parts), std::move(make))->start();
                     });
  if (!listener) return forward(listener);
  return std::make_unique<ListeningStreamServer>(std::move(*listener));
}

}  // namespace lienthong::net
