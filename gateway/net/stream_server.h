#pragma once
// A listener whose connections are plain streams of bytes: MLLP, and what else comes without HTTP.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "gateway/base/result.h"
#include "gateway/net/endpoint.h"
#include "gateway/net/io_threads.h"
#include "gateway/net/limits.h"
#include "gateway/net/stream.h"
#include "gateway/net/tls.h"

namespace lienthong::net {

// Counted since the start. Any thread.
struct ListenerCounts {
  std::uint64_t accepted = 0;
  std::uint64_t refused_address = 0;  // not on the allow-list
  std::uint64_t refused_limit = 0;    // ConnectionLimits, or no file descriptor left
  std::uint64_t failed_handshakes = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t open = 0;  // now
};

struct StreamServerOptions {
  Endpoint endpoint;  // port 0 = any free one
  std::optional<TlsServer> tls;
  AllowList allow;
  ConnectionLimits connections;
  Timeouts timeouts;
};

// Makes the handler of one connection, on the connection's io thread, before on_open. nullptr refuses it.
using StreamHandlerFactory = std::function<std::shared_ptr<StreamHandler>(const Peer& peer)>;

// Listening while it lives. The destructor stops accepting; open connections go on until IoThreads::stop, so
// what the factory made must not depend on the server. Any thread but an io thread.
class StreamServer {
 public:
  // Conflict (LT-6003): the address is in use. Forbidden (LT-6004): the port may not be taken. Incorrect
  // (LT-6005): no address of this machine.
  static Result<std::unique_ptr<StreamServer>> start(IoThreads& threads, StreamServerOptions options,
                                                     StreamHandlerFactory factory);
  virtual ~StreamServer() = default;
  virtual Endpoint endpoint() const = 0;  // with the actual port
  virtual ListenerCounts counts() const = 0;
  virtual void stop_accepting() = 0;
};

}  // namespace lienthong::net
