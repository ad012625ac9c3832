#pragma once
// HTTP/1.1 server: Beast's parser in a read loop of our own (architecture rule 4; 115,000 against 49,000
// requests/s). Answers by itself: 100 Continue; 400, 405 (CONNECT, TRACE), 408, 413, 414, 417, 431, 501, 503
// (byte budget), 505.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/bytes.h"
#include "gateway/base/result.h"
#include "gateway/net/byte_budget.h"
#include "gateway/net/endpoint.h"
#include "gateway/net/http_message.h"
#include "gateway/net/io_threads.h"
#include "gateway/net/limits.h"
#include "gateway/net/stream_server.h"

namespace lienthong::net {

// Shared by all io threads: its functions are called on any of them at the same time.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;

  // Answers now or later. Must not block: what takes long goes to another thread with the responder. One
  // request of a connection at a time; the next is read when this one is answered.
  virtual void handle(Request&& request, Responder responder) = 0;

  // How large a body this route takes, asked when the head is complete; more is answered 413. Default: 1 MB.
  virtual std::size_t body_limit(std::string_view method, std::string_view path) const;

  // The answer to a request that never reaches handle(). `text` is for people and holds nothing of the
  // request. Default: text/plain. The FHIR API renders an OperationOutcome.
  virtual Response refuse(int status, std::string_view text) const;
};

struct HttpServerOptions {
  Endpoint endpoint;  // port 0 = any free one
  std::optional<TlsServer> tls;
  AllowList allow;
  ConnectionLimits connections;
  Timeouts timeouts;
  std::size_t header_limit = std::size_t{16} << 10;
  std::size_t memory_body = std::size_t{1}
                            << 20;  // above it the body goes to a file without a name in spool_folder
  std::string spool_folder = "/tmp";
  ByteBudget* budget =
      nullptr;  // bodies in memory and in files count; must outlive all requests. nullptr = no limit
};

// Listening while it lives; see StreamServer for ends and errors. The handler is kept until the last
// connection ends.
class HttpServer {
 public:
  static Result<std::unique_ptr<HttpServer>> start(IoThreads& threads, HttpServerOptions options,
                                                   std::shared_ptr<HttpHandler> handler);
  virtual ~HttpServer() = default;
  virtual Endpoint endpoint() const = 0;
  virtual ListenerCounts counts() const = 0;
  virtual void stop_accepting() = 0;
};

}  // namespace lienthong::net
