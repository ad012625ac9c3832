// MLLP over real sockets: what a sender sees.
#include "gateway/sources/mllp_source.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "tests/gateway/net/test_net.h"
#include "tests/gateway/sources/taker.h"

using namespace lienthong;
using namespace lienthong::sources;
using namespace lienthong::net::testing;

namespace {

std::string framed(std::string_view message) {
  std::string out;
  net::append_mllp_frame(out, message);
  return out;
}

struct Listening {
  net::IoThreads threads{1};
  HeldTaker taker{threads};
  std::unique_ptr<MllpSource> source;

  explicit Listening(MllpOptions options = {}) {
    options.name = "his";
    options.server.endpoint = loopback();
    auto started = MllpSource::start(threads, std::move(options), taker);
    REQUIRE(started.has_value());
    source = std::move(*started);
  }
  bool has_taken(std::size_t count) {
    return eventually([&] { return taker.taken() >= count; });
  }
};

}  // namespace

TEST_CASE("mllp source: answers leave in the order of the messages, whatever order their fates come in") {
  Listening listening;
  RawClient client(listening.source->endpoint());
  client.send(framed("one") + framed("two") + framed("three"));
  REQUIRE(listening.has_taken(3));
  CHECK(listening.taker.message(1) == "two");
  listening.taker.answer(2, "C");
  listening.taker.answer(1, "B");
  listening.taker.answer(0, "A");
  CHECK(client.until("\x1c\r", 3) == framed("A") + framed("B") + framed("C"));
  client.send(framed("four"));
  REQUIRE(listening.has_taken(4));
  listening.taker.answer(3, "D");
  CHECK(client.until("\x1c\r", 4) == framed("A") + framed("B") + framed("C") + framed("D"));
  CHECK(listening.source->counts().frames == 4);
}

TEST_CASE("mllp source: where no answer is owed nothing is sent, and the next answer comes") {
  Listening listening;
  RawClient client(listening.source->endpoint());
  client.send(framed("one") + framed("two"));
  REQUIRE(listening.has_taken(2));
  listening.taker.answer(0, "");
  listening.taker.answer(1, "B");
  CHECK(client.until("\x1c\r") == framed("B"));
}

TEST_CASE(
    "mllp source: when nothing could be kept it closes without an answer, and gives none to what came "
    "later") {
  Listening listening;
  RawClient client(listening.source->endpoint());
  client.send(framed("one") + framed("two") + framed("three"));
  REQUIRE(listening.has_taken(3));
  listening.taker.answer(0, "A");
  SECTION("fates in order") {
    listening.taker.answer(1, "", intake::Fate::Busy);
    listening.taker.answer(2, "C");
  }
  SECTION("the later fate first") {
    listening.taker.answer(2, "C");
    listening.taker.answer(1, "", intake::Fate::Busy);
  }
  CHECK(client.rest() == framed("A"));
  CHECK(listening.source->counts().busy == 1);
}

TEST_CASE("mllp source: a full disk is answered, and the connection stays") {
  Listening listening;
  RawClient client(listening.source->endpoint());
  client.send(framed("one"));
  REQUIRE(listening.has_taken(1));
  listening.taker.answer(0, "MSA|AR", intake::Fate::Busy);
  CHECK(client.until("\x1c\r") == framed("MSA|AR"));
  client.send(framed("two"));
  REQUIRE(listening.has_taken(2));
  listening.taker.answer(1, "B");
  client.until("\x1c\r", 2);
  CHECK(listening.source->counts().busy == 0);
}

TEST_CASE("mllp source: of a frame above the limit the beginning is refused and the connection goes on") {
  MllpOptions options;
  options.frames.frame = 100;
  Listening listening(std::move(options));
  RawClient client(listening.source->endpoint());
  client.send(framed("one") + framed(std::string(5000, 'x')) + framed("after"));
  REQUIRE(listening.has_taken(3));
  CHECK(listening.source->counts().too_long == 1);
  CHECK(listening.taker.message(1) == "beginning of " + std::string(100, 'x'));
  CHECK(listening.taker.message(2) == "after");
  listening.taker.answer(2, "C");
  listening.taker.answer(1, "B", intake::Fate::Refused);
  listening.taker.answer(0, "A");
  CHECK(client.until("\x1c\r", 3) == framed("A") + framed("B") + framed("C"));
}

TEST_CASE("mllp source: who speaks something else is cut off") {
  Listening listening;
  RawClient client(listening.source->endpoint());
  client.send("GET / HTTP/1.1\r\nHost: somewhere\r\n\r\n" + std::string(5000, 'j'));
  CHECK(client.rest().empty());
  CHECK(listening.source->counts().not_mllp == 1);
  CHECK(listening.taker.taken() == 0);
}

TEST_CASE(
    "mllp source: a sender that does not wait is read no further than the bound, and all is taken in the "
    "end") {
  MllpOptions options;
  options.in_flight = 4;
  Listening listening(std::move(options));
  constexpr std::size_t kMessages = 40;
  const std::string large(100'000, 'm');  // larger than one read brings
  RawClient client(listening.source->endpoint());
  std::thread sender([&] {
    for (std::size_t i = 0; i < kMessages; ++i) client.send(framed(large));
  });
  std::size_t most = 0;
  for (std::size_t answered = 0; answered < kMessages; ++answered) {
    REQUIRE(listening.has_taken(answered + 1));
    most = std::max(most, listening.taker.taken() - answered);
    listening.taker.answer(answered, "A" + std::to_string(answered));
  }
  sender.join();
  const auto answers = client.until("\x1c\r", kMessages);
  CHECK(answers.find("A39") != std::string::npos);
  CHECK(most <= 4 + 3);  // one read may bring a few more
}

TEST_CASE("mllp source: a connection that ends within a frame is counted, and its part is taken by nobody") {
  Listening listening;
  {
    RawClient client(listening.source->endpoint());
    client.send(framed("one") + "\x0bhalf a mess");
    REQUIRE(listening.has_taken(1));
  }
  REQUIRE(eventually([&] { return listening.source->counts().truncated == 1; }));
  CHECK(listening.taker.taken() == 1);
  listening.taker.answer(0, "A");  // the sender has gone: nothing happens
}

TEST_CASE("mllp source: a sender that has closed its own side still gets the answers it is owed") {
  Listening listening;
  const auto to = listening.source->endpoint();
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(to.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  const auto two = framed("one") + framed("two");
  REQUIRE(::send(fd, two.data(), two.size(), 0) == static_cast<ssize_t>(two.size()));
  REQUIRE(::shutdown(fd, SHUT_WR) == 0);
  REQUIRE(listening.has_taken(2));
  listening.taker.answer(0, "A");
  listening.taker.answer(1, "B");
  std::string got;
  char buffer[256];
  for (ssize_t n = 0; (n = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
    got.append(buffer, static_cast<std::size_t>(n));
  ::close(fd);
  CHECK(got == framed("A") + framed("B"));
}

TEST_CASE("mllp source: at a stop what was read is answered, then the connection ends") {
  Listening listening;
  RawClient client(listening.source->endpoint());
  client.send(framed("one"));
  REQUIRE(listening.has_taken(1));
  std::thread stop([&] { listening.threads.stop(); });
  listening.taker.answer(0, "A");
  CHECK(client.rest() == framed("A"));
  stop.join();
}
