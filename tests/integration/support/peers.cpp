#include "tests/integration/support/peers.h"

#include <array>
#include <catch2/catch.hpp>

#include "gateway/app/hl7_supply.h"
#include "gateway/net/mllp_framer.h"

namespace lienthong::test {
namespace {

constexpr auto kLongest = std::chrono::minutes(2);

net::BlockingStream connect(const net::Endpoint& to) {
  net::StreamClientOptions options;
  options.endpoint = to;
  auto stream = net::BlockingStream::connect(options);
  INFO("connecting to " << net::to_string(to));
  REQUIRE(stream);
  return std::move(*stream);
}

}  // namespace

Peer::Peer(const net::Endpoint& to) : stream_(connect(to)) {}

bool Peer::send(std::string_view bytes) {
  return stream_.send(bytes, kLongest).has_value();
}

void Peer::send_message(std::string_view message) {
  std::string frame;
  net::append_mllp_frame(frame, message);
  send(frame);
}

// False at the end of the stream, however it came.
bool Peer::receive() {
  std::array<char, 65536> buffer;
  const auto got = stream_.receive(buffer.data(), buffer.size(), kLongest);
  if (!got)
    REQUIRE(got.error().category == Category::Unavailable);  // cut off; a wait that was too long is not
  if (!got || *got == 0) return false;
  received_.append(buffer.data(), *got);
  return true;
}

std::optional<std::string> Peer::answer() {
  for (;;) {
    const auto end = received_.find(net::kMllpEnd);
    if (end != std::string::npos && end + 1 < received_.size()) {
      const auto start = received_.find(net::kMllpStart) + 1;
      auto answer = received_.substr(start, end - start);
      received_.erase(0, end + 2);
      return answer;
    }
    if (!receive()) return std::nullopt;
  }
}

std::string Peer::exchange(std::string_view message) {
  send_message(message);
  auto got = answer();
  REQUIRE(got);
  return *got;
}

std::string Peer::rest() {
  while (receive()) {
  }
  return std::move(received_);
}

std::string code_of(std::string_view answer) {
  return std::string(app::hl7_field(answer, "MSA", 1));
}

HttpAnswer http(const net::Endpoint& to, std::string_view method, std::string_view target,
                std::string_view body, const std::vector<net::HeaderPair>& headers) {
  std::string request = std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\nHost: gateway\r\n";
  request += "Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  Peer peer(to);
  peer.send(request + "\r\n" + std::string(body));
  const auto text = peer.rest();
  const auto end = text.find("\r\n\r\n");
  INFO(method << ' ' << target);
  REQUIRE(end != std::string::npos);
  return {std::stoi(text.substr(9, 3)), text.substr(0, end), text.substr(end + 4)};
}

}  // namespace lienthong::test
