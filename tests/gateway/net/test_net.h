#pragma once
// What the tests of this room share: a raw client socket, certificates made on the spot, waiting without
// sleeping long.

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/net/stream_client.h"

namespace lienthong::net::testing {

using namespace std::chrono_literals;

// Polls until the condition holds; false after 20 s (a hang, not a slow machine).
bool eventually(const std::function<bool()>& condition);

// A folder that is removed at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  std::string operator/(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// A certificate authority, a server's certificate for localhost and 127.0.0.1, and a client's with an
// invented name.
class TestCertificates {
 public:
  TestCertificates();
  std::string ca() const { return folder_ / "ca.pem"; }
  std::string server() const { return folder_ / "server.pem"; }
  std::string server_key() const { return folder_ / "server.key"; }
  std::string client() const { return folder_ / "client.pem"; }
  std::string client_key() const { return folder_ / "client.key"; }
  std::string folder(std::string_view name) const { return folder_ / name; }

 private:
  void run(const std::string& command) const;
  TempFolder folder_;
};

// A blocking client that speaks whatever the test writes.
class RawClient {
 public:
  explicit RawClient(const Endpoint& server, std::optional<TlsClient> tls = std::nullopt);
  void send(std::string_view bytes);
  // Receives until `marker` has come `times` times; all received so far. Fails the test at the end of the
  // stream.
  std::string until(std::string_view marker, std::size_t times = 1);
  // Receives to the end of the stream.
  std::string rest();
  bool is_open() const noexcept { return stream_.has_value(); }

 private:
  std::optional<BlockingStream> stream_;
  std::string received_;
};

Endpoint loopback();

}  // namespace lienthong::net::testing
