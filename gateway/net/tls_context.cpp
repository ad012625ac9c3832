#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>

#include "gateway/net/net_errors.h"
#include "gateway/net/tls_session.h"

namespace lienthong::net {
namespace {

std::string openssl_reason() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "unknown reason" : reason;
}

Failure bad_file(const char* what, const std::string& file) {
  return fail(Category::Incorrect, kBadTlsFile, std::string(what) + " " + file + ": " + openssl_reason());
}

std::shared_ptr<TlsContext> make_context(const SSL_METHOD* method) {
  SSL_CTX* context = SSL_CTX_new(method);
  if (context == nullptr) return nullptr;
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // No renegotiation: it is a burden without use. A peer that closes without close_notify is an ordinary end
  // here, since both MLLP and HTTP/1.1 know by themselves where a message ends.
  SSL_CTX_set_options(context,
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_COMPRESSION);
  // Idle connections own no record buffers (32 KB each otherwise).
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return std::make_shared<TlsContext>(context);
}

Result<void> use_certificate(SSL_CTX* context, const std::string& chain, const std::string& key) {
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, chain.c_str()) != 1)
    return bad_file("there is no PEM certificate that can be read in the certificate file", chain);
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const bool other = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
    return bad_file(other ? "the key does not belong to the certificate: private key file"
                          : "there is no PEM key without a password that can be read in the private key file",
                    key);
  }
  if (SSL_CTX_check_private_key(context) != 1) return bad_file("the key does not fit the certificate:", key);
  return {};
}

Failure no_context() {
  return fail(Category::Fault, kBadTlsFile, "TLS cannot be set up: " + openssl_reason());
}

}  // namespace

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

Result<TlsServer> make_tls_server(const TlsServerOptions& options) {
  const auto context = make_context(TLS_server_method());
  if (!context) return no_context();
  const auto used = use_certificate(context->get(), options.certificate_chain_file, options.private_key_file);
  if (!used) return forward(used);
  // Sessions are resumed by stateless tickets only; the id is needed when client certificates are verified.
  static constexpr unsigned char kSessionId[] = "lienthong";
  SSL_CTX_set_session_id_context(context->get(), kSessionId, sizeof kSessionId - 1);
  SSL_CTX_set_session_cache_mode(context->get(), SSL_SESS_CACHE_OFF);
  if (options.client_ca_file.empty()) return TlsServer{context, false};
  if (SSL_CTX_load_verify_file(context->get(), options.client_ca_file.c_str()) != 1) {
    return bad_file("client authorities file", options.client_ca_file);
  }
  SSL_CTX_set_client_CA_list(context->get(), SSL_load_client_CA_file(options.client_ca_file.c_str()));
  SSL_CTX_set_verify(context->get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return TlsServer{context, true};
}

Result<TlsClient> make_tls_client(const TlsClientOptions& options) {
  const auto context = make_context(TLS_client_method());
  if (!context) return no_context();
  if (options.ca_file.empty()) {
    SSL_CTX_set_default_verify_paths(context->get());
  } else if (SSL_CTX_load_verify_file(context->get(), options.ca_file.c_str()) != 1) {
    return bad_file("authorities file", options.ca_file);
  }
  SSL_CTX_set_verify(context->get(), SSL_VERIFY_PEER, nullptr);
  if (!options.certificate_chain_file.empty()) {
    const auto used =
        use_certificate(context->get(), options.certificate_chain_file, options.private_key_file);
    if (!used) return forward(used);
  }
  return TlsClient{context, options.server_name};
}

}  // namespace lienthong::net
