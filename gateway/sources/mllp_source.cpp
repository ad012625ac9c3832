#include "gateway/sources/mllp_source.h"

#include <utility>

#include "gateway/sources/mllp_connection.h"

namespace lienthong::sources {

Result<std::unique_ptr<MllpSource>> MllpSource::start(net::IoThreads& threads, MllpOptions options,
                                                      intake::Taker& taker) {
  std::unique_ptr<MllpSource> source(new MllpSource());
  source->counts_ = std::make_shared<MllpCounts>();
  auto factory = [&taker, counts = source->counts_, frames = options.frames,
                  in_flight = options.in_flight](const net::Peer&) -> std::shared_ptr<net::StreamHandler> {
    return std::make_shared<MllpConnection>(taker, counts, frames, in_flight);
  };
  auto server = net::StreamServer::start(threads, std::move(options.server), std::move(factory));
  if (!server) return forward(server);
  source->server_ = std::move(*server);
  return source;
}

MllpSource::~MllpSource() = default;

net::Endpoint MllpSource::endpoint() const {
  return server_->endpoint();
}
net::ListenerCounts MllpSource::listener_counts() const {
  return server_->counts();
}
void MllpSource::stop_accepting() {
  server_->stop_accepting();
}

}  // namespace lienthong::sources
