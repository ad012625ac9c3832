#include "tests/gateway/net/test_net.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace lienthong::net::testing {

bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "lienthong-net-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TempFolder::~TempFolder() {
  std::filesystem::remove_all(path_);
}

void TestCertificates::run(const std::string& command) const {
  INFO(command);
  REQUIRE(std::system((command + " >/dev/null 2>&1").c_str()) == 0);
}

TestCertificates::TestCertificates() {
  const std::string key = " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes ";
  run("openssl req -x509" + key + "-days 2 -subj '/CN=Example CA' -keyout " + folder("ca.key") + " -out " +
      ca());
  const auto sign = [&](const std::string& subject, const std::string& names, const std::string& stem) {
    run("openssl req -utf8 -nameopt utf8" + key + "-subj '" + subject + "' -keyout " + folder(stem + ".key") +
        " -out " + folder(stem + ".csr"));
    std::ofstream(folder(stem + ".ext")) << "subjectAltName=" << names << "\n";
    run("openssl x509 -req -days 2 -in " + folder(stem + ".csr") + " -CA " + ca() + " -CAkey " +
        folder("ca.key") + " -CAcreateserial -extfile " + folder(stem + ".ext") + " -out " +
        folder(stem + ".pem"));
  };
  sign("/CN=gateway.example", "DNS:localhost,DNS:gateway.example,IP:127.0.0.1", "server");
  sign("/O=Bệnh viện Mẫu/CN=lab-1", "DNS:lab-1.example", "client");
}

RawClient::RawClient(const Endpoint& server, std::optional<TlsClient> tls) {
  StreamClientOptions options;
  options.endpoint = server;
  options.tls = std::move(tls);
  auto stream = BlockingStream::connect(options);
  if (stream) {
    stream_.emplace(std::move(*stream));
  } else {
    UNSCOPED_INFO(stream.error().text);
  }
}

void RawClient::send(std::string_view bytes) {
  REQUIRE(stream_);
  const auto sent = stream_->send(bytes, 20s);
  if (!sent) UNSCOPED_INFO(sent.error().text);
}

std::string RawClient::until(std::string_view marker, std::size_t times) {
  REQUIRE(stream_);
  std::size_t seen = 0;
  std::size_t at = 0;
  const auto count = [&] {
    for (std::size_t next = received_.find(marker, at); next != std::string::npos;
         next = received_.find(marker, at)) {
      ++seen;
      at = next + marker.size();
    }
    return seen;
  };
  static thread_local char buffer[65536];
  while (count() < times) {
    const auto got = stream_->receive(buffer, sizeof buffer, 20s);
    INFO("received so far: " << received_.substr(0, 300));
    REQUIRE(got);
    REQUIRE(*got > 0);
    received_.append(buffer, *got);
  }
  return received_;
}

std::string RawClient::rest() {
  REQUIRE(stream_);
  char buffer[4096];
  for (;;) {
    const auto got = stream_->receive(buffer, sizeof buffer, 20s);
    if (!got && got.error().category == Category::Interrupted) FAIL("the server did not close");
    if (!got || *got == 0) return received_;
    received_.append(buffer, *got);
  }
}

Endpoint loopback() {
  return {"127.0.0.1", 0};
}

}  // namespace lienthong::net::testing
