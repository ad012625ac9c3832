#include "gateway/net/tls_session.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <climits>

#include "gateway/net/endpoint.h"
#include "gateway/net/net_errors.h"
#include "gateway/net/socket_address.h"
#include "gateway/net/tls_identity.h"

namespace lienthong::net {
namespace {

Failure no_session() {
  ERR_clear_error();
  return fail(Category::Fault, kTlsFailed, "a TLS session could not be made");
}

int clamp(std::size_t size) noexcept {
  return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

}  // namespace

Result<std::unique_ptr<TlsSession>> TlsSession::server(const TlsServer& tls, int fd) {
  SSL* ssl = SSL_new(tls.context->get());
  if (ssl == nullptr) return no_session();
  std::unique_ptr<TlsSession> session(new TlsSession(ssl));
  if (SSL_set_fd(ssl, fd) != 1) return no_session();
  SSL_set_accept_state(ssl);
  return session;
}

Result<std::unique_ptr<TlsSession>> TlsSession::client(const TlsClient& tls, int fd,
                                                       const std::string& host) {
  SSL* ssl = SSL_new(tls.context->get());
  if (ssl == nullptr) return no_session();
  std::unique_ptr<TlsSession> session(new TlsSession(ssl));
  const std::string& name = tls.server_name.empty() ? host : tls.server_name;
  AddressBytes address;
  const bool numeric = parse_address(name, address);
  // RFC 6066 §3: server_name holds no addresses; a certificate may name one as iPAddress.
  const bool named =
      numeric ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str()) == 1
              : SSL_set_tlsext_host_name(ssl, name.c_str()) == 1 && SSL_set1_host(ssl, name.c_str()) == 1;
  if (!named || SSL_set_fd(ssl, fd) != 1) return no_session();
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  SSL_set_connect_state(ssl);
  return session;
}

TlsSession::~TlsSession() {
  SSL_free(ssl_);
}

IoStatus TlsSession::status_of(int returned) {
  switch (SSL_get_error(ssl_, returned)) {
    case SSL_ERROR_WANT_READ:
      return IoStatus::WantRead;
    case SSL_ERROR_WANT_WRITE:
      return IoStatus::WantWrite;
    case SSL_ERROR_ZERO_RETURN:
      return IoStatus::Closed;
    default:
      break;
  }
  broken_ = true;
  const unsigned long code = ERR_peek_last_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  failure_ = reason == nullptr ? "the connection was cut off" : reason;
  const long verified = SSL_get_verify_result(ssl_);
  if (verified != X509_V_OK) failure_ += std::string(": ") + X509_verify_cert_error_string(verified);
  ERR_clear_error();
  return IoStatus::Failed;
}

IoStatus TlsSession::handshake() {
  ERR_clear_error();
  const int returned = SSL_do_handshake(ssl_);
  return returned == 1 ? IoStatus::Done : status_of(returned);
}

IoResult TlsSession::read(char* buffer, std::size_t size) {
  ERR_clear_error();
  const int returned = SSL_read(ssl_, buffer, clamp(size));
  if (returned > 0) return {IoStatus::Done, static_cast<std::size_t>(returned)};
  return {status_of(returned), 0};
}

IoResult TlsSession::write(std::string_view bytes) {
  ERR_clear_error();
  const int returned = SSL_write(ssl_, bytes.data(), clamp(bytes.size()));
  if (returned > 0) return {IoStatus::Done, static_cast<std::size_t>(returned)};
  return {status_of(returned), 0};
}

void TlsSession::send_close_notify() noexcept {
  if (!broken_ && SSL_is_init_finished(ssl_)) SSL_shutdown(ssl_);
  ERR_clear_error();
}

bool TlsSession::has_pending() const noexcept {
  return SSL_has_pending(ssl_) == 1;
}

std::unique_ptr<const TlsIdentity> TlsSession::identity() const {
  X509* certificate = SSL_get0_peer_certificate(ssl_);
  if (certificate == nullptr) return nullptr;
  return std::make_unique<const TlsIdentity>(identity_of(certificate));
}

}  // namespace lienthong::net
