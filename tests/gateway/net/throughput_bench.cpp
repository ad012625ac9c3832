// Figures, not tests: run by name in a release build, e.g. test_gateway_net "[bench]".
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "gateway/net/http_server.h"
#include "gateway/net/stream_server.h"
#include "tests/gateway/net/echo_handler.h"
#include "tests/gateway/net/test_net.h"

namespace lienthong::net {
namespace {

using namespace testing;

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Small final : public HttpHandler {
 public:
  void handle(Request&&, Responder responder) override {
    ++handled;
    Response response;
    response.headers.emplace_back("Content-Type", "application/fhir+json");
    response.body =
        R"({"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational"}]})";
    responder(std::move(response));
  }
  std::atomic<std::uint64_t> handled{0};
};

void bench_http(unsigned io_threads) {
  auto handler = std::make_shared<Small>();
  IoThreads threads(io_threads);
  HttpServerOptions options;
  options.endpoint = loopback();
  const auto server = HttpServer::start(threads, options, handler);
  REQUIRE(server);
  const std::string url = "http://127.0.0.1:" + std::to_string((*server)->endpoint().port) + "/fhir/metadata";
  const double before = cpu_seconds();
  REQUIRE(std::system(("wrk -t1 -c64 -d4 " + url + " | grep Requests/sec").c_str()) == 0);
  const double spent = cpu_seconds() - before;
  std::printf("http, %u io threads: %.2f us CPU a request\n", io_threads,
              spent / static_cast<double>(handler->handled.load()) * 1e6);
  threads.stop(1s);
}

// Keeps `window` messages of 1 KB unanswered.
class Load final : public StreamHandler {
 public:
  Load(std::atomic<std::uint64_t>& answered, int window) : answered_(answered), window_(window) {
    append_mllp_frame(frame_, std::string(1000, 'm'));
  }
  void on_open(std::shared_ptr<Stream> stream) override {
    stream_ = std::move(stream);
    for (int i = 0; i < window_; ++i) stream_->write(frame_);
  }
  void on_bytes(std::string_view bytes) override {
    framer_.feed(bytes);
    while (framer_.next().kind == MllpItem::Kind::Frame) {
      answered_.fetch_add(1, std::memory_order_relaxed);
      stream_->write(frame_);
    }
  }
  void on_closed(CloseReason, const Error*) override { stream_.reset(); }

 private:
  std::atomic<std::uint64_t>& answered_;
  int window_;
  std::string frame_;
  MllpFramer framer_;
  std::shared_ptr<Stream> stream_;
};

void bench_mllp(int connections, int window) {
  EchoCounts counts;
  IoThreads server_threads(1);
  IoThreads client_threads(1);
  StreamServerOptions options;
  options.endpoint = loopback();
  const auto server = StreamServer::start(server_threads, options, echo_factory(counts));
  REQUIRE(server);
  std::atomic<std::uint64_t> answered{0};
  StreamClientOptions client;
  client.endpoint = (*server)->endpoint();
  for (int i = 0; i < connections; ++i)
    connect_stream(client_threads, 0, client, std::make_shared<Load>(answered, window));
  REQUIRE(eventually([&] { return counts.opened == connections; }));
  const double cpu = cpu_seconds();
  const std::uint64_t before = answered;
  std::this_thread::sleep_for(4s);
  const auto done = static_cast<double>(answered - before);
  std::printf(
      "mllp echo 1 KB, %d connections, window %d: %.0f messages/s, %.2f us CPU a message (both sides)\n",
      connections, window, done / 4, (cpu_seconds() - cpu) / done * 1e6);
  client_threads.stop(0ms);
  server_threads.stop(0ms);
}

TEST_CASE("throughput of HTTP with wrk", "[.][bench]") {
  bench_http(1);
  bench_http(2);
}

TEST_CASE("throughput of an MLLP echo", "[.][bench]") {
  bench_mllp(1, 1);
  bench_mllp(64, 1);
  bench_mllp(64, 16);
}

}  // namespace
}  // namespace lienthong::net
