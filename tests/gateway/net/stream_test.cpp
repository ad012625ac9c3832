#include <catch2/catch.hpp>
#include <future>
#include <thread>

#include "gateway/net/stream_server.h"
#include "tests/gateway/net/echo_handler.h"
#include "tests/gateway/net/test_net.h"

namespace lienthong::net {
namespace {

using namespace testing;

StreamServerOptions on_loopback() {
  StreamServerOptions options;
  options.endpoint = loopback();
  return options;
}

std::string framed(std::string_view message) {
  std::string out;
  append_mllp_frame(out, message);
  return out;
}

TEST_CASE("stream server: frames sent in pieces and in heaps are answered in order") {
  EchoCounts counts;
  IoThreads threads(2);
  const auto server = StreamServer::start(threads, on_loopback(), echo_factory(counts));
  REQUIRE(server);
  RawClient client((*server)->endpoint());
  const std::string one = framed("MSH|1\r");
  for (const char c : one) client.send({&c, 1});
  client.send(framed("MSH|2\r") + framed("MSH|3\r"));
  CHECK(client.until("\x1c\r", 3) == one + framed("MSH|2\r") + framed("MSH|3\r"));
  CHECK((*server)->counts().accepted == 1);
}

TEST_CASE("stream server: connections spread over the io threads") {
  EchoCounts counts;
  IoThreads threads(2);
  const auto server = StreamServer::start(threads, on_loopback(), echo_factory(counts));
  REQUIRE(server);
  std::vector<RawClient> clients;
  for (int i = 0; i < 6; ++i) clients.emplace_back((*server)->endpoint());
  REQUIRE(eventually([&] { return counts.opened == 6; }));
  CHECK(threads.connections(0) == 3);
  CHECK(threads.connections(1) == 3);
  clients.clear();
  CHECK(eventually([&] { return threads.connections() == 0 && counts.closed == 6; }));
  CHECK(counts.by_peer == 6);
}

TEST_CASE("stream server: a peer that sends without reading stops being read, and loses nothing") {
  EchoCounts counts;
  IoThreads threads(1);
  const auto server = StreamServer::start(threads, on_loopback(), echo_factory(counts));
  REQUIRE(server);
  constexpr int kFrames = 300;
  const std::string message = framed(std::string(50'000, 'm'));  // 15 MB: more than the sockets' buffers hold
  RawClient client((*server)->endpoint());
  std::thread sender([&] {
    for (int i = 0; i < kFrames; ++i) client.send(message);
  });
  std::this_thread::sleep_for(20ms);
  std::string all;
  CHECK(client.until("\x1c\r", kFrames).size() == message.size() * kFrames);
  sender.join();
  CHECK(counts.frames == kFrames);
}

TEST_CASE("stream server: an address in use is a conflict that names it") {
  EchoCounts counts;
  IoThreads threads(1);
  const auto first = StreamServer::start(threads, on_loopback(), echo_factory(counts));
  REQUIRE(first);
  StreamServerOptions again;
  again.endpoint = (*first)->endpoint();
  const auto second = StreamServer::start(threads, again, echo_factory(counts));
  REQUIRE_FALSE(second);
  CHECK(second.error().category == Category::Conflict);
  CHECK(second.error().text.find(std::to_string(again.endpoint.port)) != std::string::npos);
}

TEST_CASE("stream server: a stopped listener gives its port back at once") {
  EchoCounts counts;
  IoThreads threads(1);
  auto first = StreamServer::start(threads, on_loopback(), echo_factory(counts));
  REQUIRE(first);
  StreamServerOptions again;
  again.endpoint = (*first)->endpoint();
  first->reset();
  CHECK(StreamServer::start(threads, again, echo_factory(counts)));
}

TEST_CASE("stream server: an address of another machine cannot be listened on") {
  EchoCounts counts;
  IoThreads threads(1);
  StreamServerOptions options;
  options.endpoint = {"203.0.113.9", 0};
  const auto server = StreamServer::start(threads, options, echo_factory(counts));
  REQUIRE_FALSE(server);
  CHECK(server.error().category == Category::Incorrect);
}

TEST_CASE("stream server: who is not on the allow-list is turned away") {
  EchoCounts counts;
  IoThreads threads(1);
  auto options = on_loopback();
  REQUIRE(options.allow.add("10.0.0.0/8"));
  const auto server = StreamServer::start(threads, options, echo_factory(counts));
  REQUIRE(server);
  RawClient client((*server)->endpoint());
  CHECK(client.rest().empty());
  CHECK((*server)->counts().refused_address == 1);
  CHECK(counts.opened == 0);
}

TEST_CASE("stream server: one connection too many is turned away, and room is made again") {
  EchoCounts counts;
  IoThreads threads(1);
  auto options = on_loopback();
  options.connections.total = 2;
  const auto server = StreamServer::start(threads, options, echo_factory(counts));
  REQUIRE(server);
  std::vector<RawClient> clients;
  for (int i = 0; i < 2; ++i) clients.emplace_back((*server)->endpoint());
  REQUIRE(eventually([&] { return counts.opened == 2; }));
  CHECK(RawClient((*server)->endpoint()).rest().empty());
  CHECK((*server)->counts().refused_limit == 1);
  clients.pop_back();
  REQUIRE(eventually([&] { return counts.closed == 1; }));
  RawClient next((*server)->endpoint());
  next.send(framed("MSH"));
  CHECK(next.until("\x1c\r") == framed("MSH"));
}

TEST_CASE("stream server: a silent connection is closed after the idle time") {
  EchoCounts counts;
  IoThreads threads({1, 5ms});
  auto options = on_loopback();
  options.timeouts.idle = 20ms;
  const auto server = StreamServer::start(threads, options, echo_factory(counts));
  REQUIRE(server);
  RawClient client((*server)->endpoint());
  CHECK(client.rest().empty());
  CHECK(eventually([&] { return counts.timed_out == 1; }));
  CHECK((*server)->counts().timed_out == 1);
}

TEST_CASE("stream server: bytes after VT without end are cut off at the limit with the connection") {
  EchoCounts counts;
  IoThreads threads(1);
  const auto server = StreamServer::start(threads, on_loopback(), echo_factory(counts));
  REQUIRE(server);
  RawClient client((*server)->endpoint());
  client.send("\x0b");
  const std::string megabyte(1 << 20, 'x');
  for (int i = 0; i < 17; ++i) client.send(megabyte);
  CHECK(client.rest().empty());
  CHECK(counts.frames == 0);
}

TEST_CASE("graceful stop: idle connections end, what was sent is answered") {
  EchoCounts counts;
  IoThreads threads(2);
  const auto server = StreamServer::start(threads, on_loopback(), echo_factory(counts));
  REQUIRE(server);
  RawClient idle((*server)->endpoint());
  RawClient busy((*server)->endpoint());
  REQUIRE(eventually([&] { return counts.opened == 2; }));
  busy.send("\x0bMSH|half");
  auto stopping = std::async(std::launch::async, [&] { return threads.stop(10s); });
  CHECK(idle.rest().empty());
  busy.send(" whole\x1c\r");
  CHECK(busy.until("\x1c\r") == framed("MSH|half whole"));
  CHECK_FALSE(RawClient((*server)->endpoint()).is_open());
}

TEST_CASE("graceful stop: what does not end in time is cut off and counted") {
  EchoCounts counts;
  IoThreads threads(1);
  const auto server = StreamServer::start(threads, on_loopback(), echo_factory(counts));
  REQUIRE(server);
  RawClient stuck((*server)->endpoint());
  stuck.send("\x0bMSH|half");
  REQUIRE(eventually([&] { return counts.opened == 1; }));
  // The half frame must have been read before the stop begins, or the connection counts as idle.
  RawClient other((*server)->endpoint());
  other.send(framed("MSH"));
  other.until("\x1c\r");
  CHECK(threads.stop(30ms) == 1);
  CHECK(counts.stopped == 1);
  CHECK(counts.closed == 2);
}

TEST_CASE("blocking stream: nobody listening and a name nobody has are said") {
  StreamClientOptions options;
  {
    EchoCounts counts;
    IoThreads threads(1);
    options.endpoint = (*StreamServer::start(threads, on_loopback(), echo_factory(counts)))->endpoint();
  }
  const auto refused = BlockingStream::connect(options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().category == Category::Unavailable);
  options.endpoint.host = "no-such-host.invalid";
  const auto unknown = BlockingStream::connect(options);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().category == Category::Unavailable);
}

}  // namespace
}  // namespace lienthong::net
