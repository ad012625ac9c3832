#pragma once
// HTTP/1.1 requests and responses as the server's handlers see them (RFC 9110, RFC 9112).

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/move_function.h"
#include "gateway/net/tls.h"

namespace lienthong::net {

struct HeaderView {
  std::string_view name;
  std::string_view value;
};
using HeaderPair = std::pair<std::string, std::string>;

// One request, complete with its body. Movable; views stay valid while it (or body_owner) lives, wherever it
// is moved.
class Request {
 public:
  Request() = default;
  Request(Request&&) noexcept = default;
  Request& operator=(Request&&) noexcept = default;

  // For tests and for in-process calls: a request that came from nowhere. Bad escapes in the target give no
  // parameters.
  static Request make(std::string_view method, std::string_view target,
                      const std::vector<HeaderPair>& headers = {}, std::string_view body = {},
                      std::shared_ptr<const Peer> peer = nullptr);

  std::string_view method() const noexcept { return method_; }
  std::string_view target() const noexcept { return target_; }  // as sent; never log it
  std::string_view path() const noexcept {
    return path_;
  }  // as sent, still percent-encoded: "/fhir/Patient/1"
  std::string_view query() const noexcept { return query_; }  // as sent, without '?'; never log it

  // The query decoded, in order, repeated names kept; '+' is a space. (A query with a bad escape was answered
  // 400.)
  const std::vector<HeaderPair>& parameters() const noexcept { return parameters_; }

  // The first header of that name, any case; "" if there is none. Value without surrounding blanks.
  std::string_view header(std::string_view name) const noexcept;
  const std::vector<HeaderView>& headers() const noexcept { return headers_; }

  // The body, followed by kPadding zero bytes. Bodies over HttpServerOptions::memory_body lie in a mapped
  // file.
  std::string_view body() const noexcept { return body_; }
  // Keeps body() alive longer than the request; null when there is no body.
  const std::shared_ptr<const void>& body_owner() const noexcept { return body_owner_; }

  // Never null for requests that came by a socket.
  const std::shared_ptr<const Peer>& peer() const noexcept { return peer_; }
  // The io thread the request came by; its answer may be given on any thread.
  unsigned io_thread() const noexcept { return io_thread_; }

 private:
  friend class RequestBuilder;  // internal: http_request_builder.h
  std::unique_ptr<char[]> storage_;
  std::string_view method_, target_, path_, query_, body_;
  std::vector<HeaderView> headers_;
  std::vector<HeaderPair> parameters_;
  std::shared_ptr<const void> body_owner_;
  std::shared_ptr<const Peer> peer_;
  unsigned io_thread_ = 0;
};

// Content-Length, Date and Connection are written by the server. Header names and values must not hold CR or
// LF: such a header is left out. 1xx, 204 and 304 are sent without body; HEAD with the length of the body but
// without it.
struct Response {
  int status = 200;
  std::vector<HeaderPair> headers;
  std::string body;
  std::shared_ptr<const std::string> shared_body;  // if set, sent instead of `body`, without a copy
  bool close = false;                              // close the connection after it

  std::size_t body_size() const noexcept { return shared_body ? shared_body->size() : body.size(); }
};

// The answer owed to one request. Movable; complete it once, on any thread (it is posted to the io thread).
// Dropped without an answer it answers 500. When the peer is gone by then, nothing happens.
class Responder {
 public:
  using Send = MoveFunction<void(Response&&)>;
  Responder() = default;
  explicit Responder(Send send) noexcept : send_(std::move(send)) {}  // tests make their own
  Responder(Responder&& other) noexcept : send_(std::exchange(other.send_, nullptr)) {}
  Responder& operator=(Responder&& other) noexcept;
  ~Responder();

  void operator()(Response&& response);
  bool pending() const noexcept { return static_cast<bool>(send_); }

 private:
  Send send_;
};

// "Not Found" for 404; "" for a number without a name.
std::string_view http_reason(int status) noexcept;

// Decodes %XX (and '+' as a space if asked). False when an escape is broken; out is undefined then.
bool percent_decode(std::string_view text, bool plus_is_space, std::string& out);
// Encodes all but RFC 3986 §2.3 unreserved characters, for a query's names and values.
std::string percent_encode(std::string_view text);

}  // namespace lienthong::net
