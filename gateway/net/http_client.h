#pragma once
// HTTP/1.1 client for deliveries: one base URL, a pool of kept-alive connections, callbacks on one io thread.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/net/http_message.h"
#include "gateway/net/io_threads.h"
#include "gateway/net/tls.h"

namespace lienthong::net {

struct ClientRequest {
  std::string method = "GET";
  std::string path;                 // appended to the base URL's path, with its query: "/Patient?_count=10"
  std::vector<HeaderPair> headers;  // Host, Content-Length and Connection are written by the client
  std::string body;
  std::chrono::milliseconds timeout{0};  // for the whole; 0 = HttpClientOptions::request_timeout
  // A request that met a kept-alive connection closed by the server is sent once more on a new one when this
  // is true.
  bool repeatable = true;
};

struct ClientResponse {
  int status = 0;
  std::vector<HeaderPair> headers;
  std::string body;
  std::string_view header(std::string_view name) const noexcept;  // first of that name, any case; "" = none
};

struct HttpClientOptions {
  std::string base_url;          // "http://host[:port][/path]" or "https://…"
  std::optional<TlsClient> tls;  // https only; absent = the system's certificate authorities
  unsigned io_thread = 0;
  std::size_t max_connections = 8;
  std::size_t max_waiting = 1024;                                        // requests waiting for a connection
  std::chrono::milliseconds connect_timeout = std::chrono::seconds(10);  // name, TCP and TLS together
  std::chrono::milliseconds request_timeout = std::chrono::seconds(60);  // from send() to the last byte
  std::chrono::milliseconds keep_alive = std::chrono::seconds(30);  // an idle connection is closed after it
  std::size_t response_limit = std::size_t{64} << 20;
};

using ClientCallback = MoveFunction<void(Result<ClientResponse>)>;

// Any thread may send. Callbacks run on the client's io thread, once each: a status of any kind is a value;
// Unavailable (LT-6006) = no connection, cut off or no name; Interrupted (LT-6007) = timed out or stopped;
// Busy (LT-6008) = too many waiting; Incorrect (LT-6009) = the answer is not HTTP or over the limit.
// Destroying it ends what is open with Interrupted.
class HttpClient {
 public:
  // Incorrect (LT-6001) when the URL cannot be used.
  static Result<std::unique_ptr<HttpClient>> make(IoThreads& threads, HttpClientOptions options);
  virtual ~HttpClient() = default;
  virtual void send(ClientRequest request, ClientCallback callback) = 0;
};

}  // namespace lienthong::net
