#pragma once
// Outgoing streams: with callbacks on an io thread (thousands of connections), or blocking (one, in a
// command).

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/net/endpoint.h"
#include "gateway/net/io_threads.h"
#include "gateway/net/limits.h"
#include "gateway/net/stream.h"
#include "gateway/net/tls.h"

namespace lienthong::net {

struct StreamClientOptions {
  Endpoint endpoint;
  std::optional<TlsClient> tls;
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);  // name, TCP and TLS together
  Timeouts timeouts;  // of the open stream; a client often wants idle = 0
};

// Connects from io thread `io_thread`; the handler hears on_open, or on_closed(Failed | TimedOut). Any
// thread. Names are resolved on a thread of their own.
void connect_stream(IoThreads& threads, unsigned io_thread, StreamClientOptions options,
                    std::shared_ptr<StreamHandler> handler);

// A blocking stream for command-line tools. One thread. SIGPIPE is not raised.
class BlockingStream {
 public:
  // Unavailable (LT-6006): refused, unreachable or no such name. Interrupted (LT-6007): timed out.
  static Result<BlockingStream> connect(const StreamClientOptions& options);
  BlockingStream(BlockingStream&&) noexcept;
  BlockingStream& operator=(BlockingStream&&) noexcept;
  ~BlockingStream();

  // Sends all of it.
  Result<void> send(std::string_view bytes, std::chrono::milliseconds timeout);
  // Receives at least one byte; 0 = the peer has closed.
  Result<std::size_t> receive(char* buffer, std::size_t size, std::chrono::milliseconds timeout);

 private:
  class Impl;
  explicit BlockingStream(std::unique_ptr<Impl> impl) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lienthong::net
