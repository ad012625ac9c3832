#pragma once
// TLS 1.2 and 1.3 for servers and clients; client certificates (mTLS) on both sides. All of OpenSSL is behind
// this.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace lienthong::net {

// Who the peer's verified certificate says it is. Names as in the certificate (RFC 5280 §4.1.2.6, §4.2.1.6).
struct TlsIdentity {
  std::string subject;                 // RFC 2253: "CN=lab,O=Bệnh viện Mẫu"
  std::string common_name;             // "" = none
  std::vector<std::string> dns_names;  // subjectAltName dNSName and iPAddress (as text)
  std::string sha256;                  // fingerprint, lower-case hex
};

// The other end of a connection. Immutable; shared by all that is asked over it.
struct Peer {
  std::string address;  // "10.1.2.3", "::1"; IPv4-mapped addresses are written as IPv4
  std::uint16_t port = 0;
  bool tls = false;
  std::unique_ptr<const TlsIdentity> certificate;  // null: none was asked for, or none given
};

struct TlsServerOptions {
  std::string certificate_chain_file;  // PEM, leaf first
  std::string private_key_file;        // PEM
  std::string client_ca_file;  // PEM; not "" = a client certificate signed by one of these is required
};

struct TlsClientOptions {
  std::string ca_file;                 // PEM; "" = the system's store
  std::string certificate_chain_file;  // own certificate; "" = none
  std::string private_key_file;
  std::string server_name;  // SNI and the name to verify; "" = the host connected to
};

class TlsContext;  // internal: OpenSSL's SSL_CTX

// Immutable, cheap to copy, any thread. Connections keep the context they were made with.
struct TlsServer {
  std::shared_ptr<const TlsContext> context;
  bool requires_client_certificate = false;
};
struct TlsClient {
  std::shared_ptr<const TlsContext> context;
  std::string server_name;
};

// Incorrect (LT-6010) names the file that cannot be read or does not fit its key.
Result<TlsServer> make_tls_server(const TlsServerOptions& options);
Result<TlsClient> make_tls_client(const TlsClientOptions& options);

// From when until when a certificate is good (RFC 5280 §4.1.2.5): the first of a PEM file, the holder's own.
struct CertificateDates {
  std::chrono::sys_seconds begins, ends;
};
// Incorrect (LT-6010) when the file holds no certificate.
Result<CertificateDates> certificate_dates(const std::string& file);

}  // namespace lienthong::net
