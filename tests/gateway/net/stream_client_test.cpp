#include <catch2/catch.hpp>

#include "gateway/net/stream_server.h"
#include "tests/gateway/net/echo_handler.h"
#include "tests/gateway/net/test_net.h"

namespace lienthong::net {
namespace {

using namespace testing;

struct SenderResults {
  std::atomic<int> acknowledged{0};
  std::atomic<int> finished{0};
  std::atomic<int> failed{0};
};

// Sends `messages` frames, `window` of them unanswered at a time.
class Sender final : public StreamHandler {
 public:
  Sender(SenderResults& results, int messages, int window)
      : results_(results), to_send_(messages), window_(window) {}

  void on_open(std::shared_ptr<Stream> stream) override {
    stream_ = std::move(stream);
    for (int i = 0; i < window_; ++i) send_one();
  }

  void on_bytes(std::string_view bytes) override {
    framer_.feed(bytes);
    while (framer_.next().kind == MllpItem::Kind::Frame) {
      ++results_.acknowledged;
      --open_;
      send_one();
    }
    if (open_ == 0) stream_->close();
  }

  void on_closed(CloseReason reason, const Error*) override {
    stream_.reset();
    ++(reason == CloseReason::ByUs ? results_.finished : results_.failed);
  }

 private:
  void send_one() {
    if (to_send_ == 0) return;
    --to_send_;
    ++open_;
    stream_->write("\x0bMSH|^~\\&|LAB|EXAMPLE\r\x1c\r");
  }

  SenderResults& results_;
  std::shared_ptr<Stream> stream_;
  MllpFramer framer_;
  int to_send_;
  int window_;
  int open_ = 0;
};

TEST_CASE("stream client: many connections, lock-step and pipelined, all answered") {
  EchoCounts counts;
  SenderResults results;
  IoThreads threads(2);
  StreamServerOptions options;
  options.endpoint = loopback();
  const auto server = StreamServer::start(threads, options, echo_factory(counts));
  REQUIRE(server);
  StreamClientOptions client;
  client.endpoint = (*server)->endpoint();
  client.endpoint.host = "localhost";  // resolved, and ::1 refused before 127.0.0.1 where that comes first
  for (unsigned i = 0; i < 40; ++i) {
    connect_stream(threads, i % 2, client, std::make_shared<Sender>(results, 100, i % 2 == 0 ? 1 : 16));
  }
  REQUIRE(eventually([&] { return results.finished == 40; }));
  CHECK(results.acknowledged == 4000);
  CHECK(results.failed == 0);
}

TEST_CASE("stream client: who cannot connect hears it once") {
  SenderResults results;
  IoThreads threads(1);
  StreamClientOptions client;
  {
    EchoCounts counts;
    IoThreads other(1);
    StreamServerOptions options;
    options.endpoint = loopback();
    client.endpoint = (*StreamServer::start(other, options, echo_factory(counts)))->endpoint();
  }
  connect_stream(threads, 0, client, std::make_shared<Sender>(results, 1, 1));
  client.endpoint.host = "no-such-host.invalid";
  connect_stream(threads, 0, client, std::make_shared<Sender>(results, 1, 1));
  CHECK(eventually([&] { return results.failed == 2; }));
  threads.stop(0ms);
  CHECK(results.failed == 2);
}

TEST_CASE("stream client: a stop while connecting is heard") {
  SenderResults results;
  {
    IoThreads threads(1);
    StreamClientOptions client;
    client.endpoint = {"203.0.113.1", 9};  // TEST-NET-3: no answer comes
    connect_stream(threads, 0, client, std::make_shared<Sender>(results, 1, 1));
    threads.stop(0ms);
  }
  CHECK(results.failed == 1);
}

}  // namespace
}  // namespace lienthong::net
