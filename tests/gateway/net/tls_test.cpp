#include <catch2/catch.hpp>
#include <fstream>

#include "gateway/net/stream_server.h"
#include "tests/gateway/net/echo_handler.h"
#include "tests/gateway/net/test_net.h"

namespace lienthong::net {
namespace {

using namespace testing;

TlsServer tls_server(const TestCertificates& certificates, bool mutual) {
  auto made =
      make_tls_server({certificates.server(), certificates.server_key(), mutual ? certificates.ca() : ""});
  REQUIRE(made);
  return *made;
}

TlsClient tls_client(const TestCertificates& certificates, bool own, std::string name = "") {
  TlsClientOptions options{certificates.ca(), "", "", std::move(name)};
  if (own) {
    options.certificate_chain_file = certificates.client();
    options.private_key_file = certificates.client_key();
  }
  auto made = make_tls_client(options);
  REQUIRE(made);
  return *made;
}

struct TlsEcho {
  explicit TlsEcho(const TestCertificates& certificates, bool mutual) : threads({2, 10ms}) {
    StreamServerOptions options;
    options.endpoint = loopback();
    options.tls = tls_server(certificates, mutual);
    options.timeouts.handshake = 300ms;
    auto started = StreamServer::start(threads, options, [this](const Peer& peer) {
      if (peer.certificate) {
        const std::lock_guard lock(mutex);
        common_name = peer.certificate->common_name;
        subject = peer.certificate->subject;
        names = peer.certificate->dns_names;
        sha256 = peer.certificate->sha256;
      }
      return std::make_shared<EchoHandler>(counts);
    });
    REQUIRE(started);
    server = std::move(*started);
  }
  EchoCounts counts;
  std::mutex mutex;
  std::string common_name, subject, sha256;
  std::vector<std::string> names;
  IoThreads threads;
  std::unique_ptr<StreamServer> server;
};

TEST_CASE("TLS: frames larger than a record go through both ways") {
  const TestCertificates certificates;
  TlsEcho echo(certificates, false);
  RawClient client(echo.server->endpoint(), tls_client(certificates, false));
  REQUIRE(client.is_open());
  std::string message;
  append_mllp_frame(message, std::string(300'000, 'm'));
  client.send(message);
  CHECK(client.until("\x1c\r") == message);
  client.send(message);
  CHECK(client.until("\x1c\r", 2) == message + message);
}

TEST_CASE("TLS: a server whose name or authority is another is not spoken to") {
  const TestCertificates certificates;
  const TestCertificates strangers;
  TlsEcho echo(certificates, false);
  CHECK(RawClient(echo.server->endpoint(), tls_client(certificates, false, "gateway.example")).is_open());
  CHECK_FALSE(RawClient(echo.server->endpoint(), tls_client(certificates, false, "other.example")).is_open());
  CHECK_FALSE(RawClient(echo.server->endpoint(), tls_client(strangers, false)).is_open());
}

TEST_CASE("TLS: a client certificate is demanded, verified and told to the handler") {
  const TestCertificates certificates;
  const TestCertificates strangers;
  TlsEcho echo(certificates, true);
  RawClient client(echo.server->endpoint(), tls_client(certificates, true));
  client.send("\x0bMSH\x1c\r");
  CHECK(client.until("\x1c\r") == "\x0bMSH\x1c\r");
  {
    const std::lock_guard lock(echo.mutex);
    CHECK(echo.common_name == "lab-1");
    CHECK(echo.subject.find("O=Bệnh viện Mẫu") != std::string::npos);
    CHECK(echo.names == std::vector<std::string>{"lab-1.example"});
    CHECK(echo.sha256.size() == 64);
  }
  // TLS 1.3 tells a client of its refusal only with the first bytes it reads.
  const auto refused = [&](TlsClient tls) {
    RawClient other(echo.server->endpoint(), std::move(tls));
    return !other.is_open() || other.rest().empty();
  };
  CHECK(refused(tls_client(certificates, false)));
  TlsClientOptions stranger{certificates.ca(), strangers.client(), strangers.client_key(), ""};
  CHECK(refused(*make_tls_client(stranger)));
  CHECK(eventually([&] { return echo.server->counts().failed_handshakes == 2; }));
  CHECK(echo.counts.opened == 1);
}

TEST_CASE("TLS: who does not begin the handshake, or speaks no TLS, is cut off") {
  const TestCertificates certificates;
  TlsEcho echo(certificates, false);
  RawClient silent(echo.server->endpoint());
  CHECK(silent.rest().empty());
  RawClient plain(echo.server->endpoint());
  plain.send("\x0bMSH|not TLS\x1c\r");
  plain.rest();
  CHECK(eventually([&] { return echo.server->counts().failed_handshakes == 2; }));
  CHECK(echo.counts.opened == 0);
}

TEST_CASE("TLS: a file that is missing or does not fit is named") {
  const TestCertificates certificates;
  const auto missing = make_tls_server({"/nowhere/server.pem", certificates.server_key(), ""});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().text.find("/nowhere/server.pem") != std::string::npos);
  CHECK_FALSE(make_tls_server({certificates.server(), certificates.client_key(), ""}));
  CHECK_FALSE(make_tls_server({certificates.server(), certificates.server_key(), "/nowhere/ca.pem"}));
  CHECK_FALSE(make_tls_client({"/nowhere/ca.pem", "", "", ""}));
}

}  // namespace
}  // namespace lienthong::net
