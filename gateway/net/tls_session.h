#pragma once
// Internal to net: OpenSSL contexts and one TLS session on a non-blocking socket.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/net/tls.h"

struct ssl_ctx_st;
struct ssl_st;

namespace lienthong::net {

class TlsContext {
 public:
  explicit TlsContext(ssl_ctx_st* context) noexcept : context_(context) {}
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  ssl_ctx_st* get() const noexcept { return context_; }

 private:
  ssl_ctx_st* context_;
};

// What became of one non-blocking call.
enum class IoStatus : std::uint8_t { Done, WantRead, WantWrite, Closed, Failed };
struct IoResult {
  IoStatus status = IoStatus::Failed;
  std::size_t bytes = 0;
};

// One session; one thread. Does not own the descriptor.
class TlsSession {
 public:
  static Result<std::unique_ptr<TlsSession>> server(const TlsServer& tls, int fd);
  static Result<std::unique_ptr<TlsSession>> client(const TlsClient& tls, int fd, const std::string& host);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  IoStatus handshake();
  IoResult read(char* buffer, std::size_t size);
  IoResult write(std::string_view bytes);
  void send_close_notify() noexcept;  // does not wait for the peer's
  bool has_pending() const noexcept;  // bytes that no readiness of the socket will announce
  // Why the handshake or the last call failed, for an administrator; holds names of certificates only.
  const std::string& failure() const noexcept { return failure_; }
  // Null when the peer gave no certificate.
  std::unique_ptr<const TlsIdentity> identity() const;

 private:
  explicit TlsSession(ssl_st* ssl) noexcept : ssl_(ssl) {}
  IoStatus status_of(int returned);

  ssl_st* ssl_;
  std::string failure_;
  bool broken_ = false;  // after a fatal error SSL_shutdown must not be called
};

}  // namespace lienthong::net
