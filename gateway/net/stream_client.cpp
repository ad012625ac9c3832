#include "gateway/net/stream_client.h"

#include "gateway/net/connector.h"
#include "gateway/net/net_errors.h"
#include "gateway/net/stream_connection.h"

namespace lienthong::net {
namespace {

void fail_handler(StreamHandler& handler, const Error& error) {
  handler.on_closed(error.number == kTimedOut ? CloseReason::TimedOut : CloseReason::Failed, &error);
}

void start_stream(const std::shared_ptr<IoThread>& thread, const StreamClientOptions& options,
                  std::shared_ptr<StreamHandler> handler, Result<Connector::Connected> connected) {
  if (!connected) return fail_handler(*handler, connected.error());
  const TlsClient* tls = options.tls ? &*options.tls : nullptr;
  auto parts = make_parts(thread, std::move(*connected), tls, options.endpoint.host, options.timeouts);
  if (!parts) return fail_handler(*handler, parts.error());
  auto give = [handler = std::move(handler)](const Peer&) mutable { return std::move(handler); };
  std::make_shared<StreamConnection>(std::move(*parts), std::move(give))->start();
}

}  // namespace

void connect_stream(IoThreads& threads, unsigned io_thread, StreamClientOptions options,
                    std::shared_ptr<StreamHandler> handler) {
  const std::shared_ptr<IoThread> thread = threads.thread(io_thread);
  const bool posted = thread->post([thread, options, handler]() {
    auto done = [thread, options, handler](Result<Connector::Connected> connected) mutable {
      start_stream(thread, options, std::move(handler), std::move(connected));
    };
    Connector::start(thread, options.endpoint, options.connect_timeout, std::move(done));
  });
  const Error stopping{Category::Interrupted, kTimedOut, "the program is stopping"};
  if (!posted) handler->on_closed(CloseReason::Stopped, &stopping);
}

}  // namespace lienthong::net
