#pragma once
// The other ends: a sender that writes whatever the test says, and a plain HTTP client.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/net/endpoint.h"
#include "gateway/net/http_message.h"
#include "gateway/net/stream_client.h"

namespace lienthong::test {

// A blocking TCP connection. One thread. Every wait ends after two minutes and then fails the test.
class Peer {
 public:
  explicit Peer(const net::Endpoint& to);

  // False when the other side has closed.
  bool send(std::string_view bytes);
  // Sends one message in its MLLP frame.
  void send_message(std::string_view message);
  // The next answer without its frame; nothing when the other side closed instead.
  std::optional<std::string> answer();
  // Both: what a sender in step does. Fails the test when there is no answer.
  std::string exchange(std::string_view message);
  // Everything up to the other side's close.
  std::string rest();

 private:
  bool receive();

  net::BlockingStream stream_;
  std::string received_;
};

// MSA-1 of an answer ("AA"); empty when there is none.
std::string code_of(std::string_view answer);

struct HttpAnswer {
  int status = 0;
  std::string head, body;
};

// One request on a connection of its own.
HttpAnswer http(const net::Endpoint& to, std::string_view method, std::string_view target,
                std::string_view body = {}, const std::vector<net::HeaderPair>& headers = {});

}  // namespace lienthong::test
