#include "gateway/net/http_server.h"

#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <future>
#include <mutex>
#include <thread>

#include "tests/gateway/net/test_net.h"

namespace lienthong::net {
namespace {

using namespace testing;

// Tells what it received; some paths behave in their own way.
class Mirror final : public HttpHandler {
 public:
  void handle(Request&& request, Responder responder) override {
    ++handled;
    if (request.path() == "/dropped") return;
    Response response;
    if (request.path() == "/empty") response.status = 204;
    if (request.path() == "/split") response.headers.emplace_back("X-Evil", "a\r\nSet-Cookie: b");
    if (request.path() == "/large") {
      response.shared_body = std::make_shared<const std::string>(3'000'000, 'L');
      return responder(std::move(response));
    }
    if (request.path() == "/later") return later(std::move(request), std::move(responder));
    response.headers.emplace_back("X-Handled", "yes");
    response.body = describe(request);
    responder(std::move(response));
  }

  std::size_t body_limit(std::string_view, std::string_view path) const override {
    return path == "/small" ? 10 : std::size_t{8} << 20;
  }

  void release() {
    const std::lock_guard lock(mutex);
    for (Responder& responder : held) {
      Response response;
      response.body = "late";
      responder(std::move(response));
    }
    held.clear();
  }

  std::size_t waiting() {
    const std::lock_guard lock(mutex);
    return held.size();
  }

  std::atomic<int> handled{0};

 private:
  static std::string describe(const Request& request) {
    std::string out;
    out.append(request.method()).append(" ").append(request.path()).append("\n");
    for (const HeaderPair& p : request.parameters()) out += p.first + "=" + p.second + "\n";
    out.append("X-Test: ").append(request.header("x-TEST")).append("\n");
    std::size_t sum = 0;
    for (const char c : request.body()) sum = sum * 31 + static_cast<unsigned char>(c);
    out += "body " + std::to_string(request.body().size()) + " " + std::to_string(sum) + "\n";
    if (!request.body().empty()) {  // the promised padding
      const char* end = request.body().data() + request.body().size();
      out += std::all_of(end, end + kPadding, [](char c) { return c == 0; }) ? "padded\n" : "not padded\n";
    }
    out.append(request.peer()->address).append("\n");
    return out;
  }

  void later(Request&&, Responder responder) {
    const std::lock_guard lock(mutex);
    held.push_back(std::move(responder));
  }

  std::mutex mutex;
  std::vector<Responder> held;
};

struct Server {
  explicit Server(HttpServerOptions options = {}, IoThreadsOptions io = {2, 10ms}) : threads(io) {
    options.endpoint = loopback();
    auto started = HttpServer::start(threads, std::move(options), mirror);
    REQUIRE(started);
    server = std::move(*started);
  }
  std::string exchange(std::string_view bytes) {  // until the server closes
    RawClient client(server->endpoint());
    client.send(bytes);
    return client.rest();
  }
  std::shared_ptr<Mirror> mirror = std::make_shared<Mirror>();
  IoThreads threads;
  std::unique_ptr<HttpServer> server;
};

int status_of(const std::string& response) {
  REQUIRE(response.substr(0, 9) == "HTTP/1.1 ");
  return std::stoi(response.substr(9, 3));
}

std::string sum_of(std::string_view body) {
  std::size_t sum = 0;
  for (const char c : body) sum = sum * 31 + static_cast<unsigned char>(c);
  return "body " + std::to_string(body.size()) + " " + std::to_string(sum) + "\npadded\n";
}

TEST_CASE("HTTP: method, path, decoded parameters in order, headers in any case") {
  Server server;
  const std::string answer = server.exchange(
      "GET /fhir/Pa%20tient?name=Nguy%E1%BB%85n+V%C4%83n&name=x&flag HTTP/1.1\r\nHost: a\r\nX-Test:  v w \r\n"
      "Connection: close\r\n\r\n");
  CHECK(status_of(answer) == 200);
  CHECK(answer.find("X-Handled: yes\r\n") != std::string::npos);
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
  CHECK(answer.find("Date: ") != std::string::npos);
  CHECK(answer.find("GET /fhir/Pa%20tient\nname=Nguyễn Văn\nname=x\nflag=\nX-Test: v w\n") !=
        std::string::npos);
  CHECK(answer.find("127.0.0.1\n") != std::string::npos);
}

TEST_CASE("HTTP: pipelined requests are answered in order, also when the first answer comes late") {
  Server server;
  RawClient client(server.server->endpoint());
  const std::string one = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n" + one + one + "GET /last HTTP/1.1\r\nHost: a\r\n\r\n");
  REQUIRE(eventually([&] { return server.mirror->waiting() == 1; }));
  CHECK(server.mirror->handled == 1);
  std::thread([&] { server.mirror->release(); }).join();  // from a thread that is no io thread
  const std::string all = client.until("/last");
  const auto late = all.find("late");
  const auto x = all.find("POST /x");
  CHECK(late < x);
  CHECK(all.find("POST /x", x + 1) < all.find("/last"));
  CHECK(server.mirror->handled == 4);
}

TEST_CASE("HTTP: a request cut into single bytes is the same request") {
  Server server;
  RawClient client(server.server->endpoint());
  const std::string request =
      "POST /cut?a=b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nX-Test: t\r\n\r\n"
      "4;ext=1\r\nWiki\r\n5\r\npedia\r\n0\r\nTrailer: x\r\n\r\n";
  for (const char c : request) client.send({&c, 1});
  CHECK(client.until("127.0.0.1").find("a=b\nX-Test: t\n" + sum_of("Wikipedia")) != std::string::npos);
}

TEST_CASE("HTTP: 100 Continue is sent before the body, not when the body is there or will be refused") {
  Server server;
  RawClient client(server.server->endpoint());
  const std::string head = "POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
  client.send(head);
  CHECK(client.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  CHECK(client.until("127.0.0.1").find(sum_of("body")) != std::string::npos);
  CHECK(server
            .exchange("POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: "
                      "100-continue\r\nContent-Length: 4\r\n\r\nbody")
            .find("100 Continue") == std::string::npos);
  CHECK(status_of(server.exchange(
            "POST /small HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n")) == 413);
  CHECK(status_of(server.exchange(
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: coffee\r\nContent-Length: 1\r\n\r\n")) == 417);
}

TEST_CASE("HTTP: large bodies go by a file and arrive whole, with a length or chunked") {
  TempFolder folder;
  HttpServerOptions options;
  options.memory_body = 100'000;
  options.spool_folder = folder / "";
  Server server(options);
  std::string body;
  for (int i = 0; body.size() < 4'000'000; ++i) body += std::to_string(i);
  body.resize(4'096'000 - 64);  // the padding ends with a page
  RawClient client(server.server->endpoint());
  client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
              body);
  CHECK(client.until("127.0.0.1").find(sum_of(body)) != std::string::npos);
  body += "x";
  std::string chunked = "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < body.size(); at += 65536) {
    const std::string piece = body.substr(at, 65536);
    char size[16];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    chunked += size + piece + "\r\n";
  }
  client.send(chunked + "0\r\n\r\n");
  CHECK(client.until("127.0.0.1", 2).find(sum_of(body)) != std::string::npos);
  CHECK(std::filesystem::is_empty(folder / ""));
}

TEST_CASE("HTTP: bodies over the limit are answered 413, whichever way they are sent") {
  Server server;
  CHECK(status_of(server.exchange("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n")) == 413);
  CHECK(status_of(server.exchange("POST /small HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                  "b\r\nhello world\r\n0\r\n\r\n")) == 413);
  CHECK(status_of(server.exchange("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n" +
                                  std::string(3'000'000, 'x'))) == 413);
  CHECK(server.mirror->handled == 0);
}

TEST_CASE("HTTP: the process-wide budget answers 503 with Retry-After and comes back") {
  ByteBudget budget(100'000);
  HttpServerOptions options;
  options.budget = &budget;
  Server server(options);
  const std::string answer = server.exchange("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" +
                                             std::string(200'000, 'x'));
  CHECK(status_of(answer) == 503);
  CHECK(answer.find("Retry-After: 1\r\n") != std::string::npos);
  CHECK(status_of(server.exchange(
            "POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 90000\r\n\r\n" +
            std::string(90'000, 'x'))) == 200);
  CHECK(eventually([&] { return budget.used() == 0; }));
}

TEST_CASE("HTTP: what could smuggle a second request is refused") {
  Server server;
  const std::string start = "POST /x HTTP/1.1\r\nHost: a\r\n";
  const std::string rest = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const char* headers : {
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
           "Content-Length: 5\r\nContent-Length: 5\r\n",
           "Content-Length: 5\r\nContent-Length: 6\r\n",
           "Content-Length: 5, 5\r\n",
           "Content-Length: +5\r\n",
           "Content-Length: -1\r\n",
           "Content-Length: 0x5\r\n",
           "Content-Length: 5 5\r\n",
           "Content-Length: 18446744073709551617\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding : chunked\r\n",
           "Transfer-Encoding: xchunked\r\n",
           "Transfer-Encoding: gzip, chunked\r\n",
           "Transfer-Encoding: chunked, identity\r\n",
           "Host: b\r\n",
       }) {
    INFO(headers);
    const std::string answer = server.exchange(start + headers + "\r\n" + rest);
    CHECK((status_of(answer) == 400 || status_of(answer) == 501));
    CHECK(answer.find("HTTP/1.1", 1) == std::string::npos);
  }
  CHECK(server.mirror->handled == 0);
}

TEST_CASE("HTTP: malformed requests are answered, and the connection is closed") {
  Server server;
  CHECK(status_of(server.exchange("nonsense\r\n\r\n")) == 400);
  CHECK(status_of(server.exchange("GET / HTTP/1.1\r\n\r\n")) == 400);
  CHECK(status_of(server.exchange("GET /?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n")) == 400);
  CHECK(status_of(server.exchange("GET nopath HTTP/1.1\r\nHost: a\r\n\r\n")) == 400);
  CHECK(status_of(server.exchange("GET / HTTP/2.0\r\nHost: a\r\n\r\n")) == 505);
  CHECK(status_of(server.exchange("GET / HTTP/1.1\nHost: a\n\n")) == 400 + 105);
  CHECK(status_of(server.exchange("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n")) == 405);
  CHECK(status_of(server.exchange("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n")) >= 400);
  CHECK(status_of(server.exchange(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")) == 400);
  CHECK(server.mirror->handled == 0);
}

TEST_CASE("HTTP: heads over the limit are answered 431 or 414") {
  Server server;
  CHECK(status_of(server.exchange("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(17'000, 'x') +
                                  "\r\n\r\n")) == 431);
  CHECK(status_of(server.exchange("GET /" + std::string(17'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n")) ==
        414);
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 200; ++i) many += "X: 1\r\n";
  CHECK(status_of(server.exchange(many + "\r\n")) == 431);
  CHECK(status_of(server.exchange("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                                  std::string(40'000, 'x'))) == 431);
}

TEST_CASE("HTTP: who sends too slowly is answered 408; an idle connection is closed without a word") {
  HttpServerOptions options;
  options.timeouts.head = 30ms;
  options.timeouts.idle = 30ms;
  options.timeouts.minimum_body_rate = 1'000'000;
  options.timeouts.body_grace = 1s;
  Server server(options);
  CHECK(status_of(server.exchange("GET / HTTP/1.1\r\nHo")) == 408);
  CHECK(server.exchange("").empty());
  CHECK(status_of(server.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")) == 408);
  CHECK(server.server->counts().timed_out == 3);
}

TEST_CASE("HTTP: HEAD and 204 have no body, HTTP/1.0 is closed unless it asks to be kept") {
  Server server;
  const std::string head = server.exchange("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(head.find("Content-Length: ") != std::string::npos);
  CHECK(head.substr(head.size() - 4) == "\r\n\r\n");
  const std::string empty = server.exchange("GET /empty HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(empty.find("Content-Length") == std::string::npos);
  CHECK(empty.substr(empty.size() - 4) == "\r\n\r\n");
  CHECK(status_of(server.exchange("GET / HTTP/1.0\r\n\r\n")) == 200);
  RawClient kept(server.server->endpoint());
  kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(kept.until("127.0.0.1").find("Connection: keep-alive\r\n") != std::string::npos);
  kept.send("GET / HTTP/1.0\r\n\r\n");
  kept.rest();
}

TEST_CASE("HTTP: a handler that forgets to answer answers 500; a header with a line break is left out") {
  Server server;
  CHECK(status_of(server.exchange("GET /dropped HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")) == 500);
  CHECK(server.exchange("GET /split HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").find("Set-Cookie") ==
        std::string::npos);
}

TEST_CASE("HTTP: a shared body of megabytes arrives whole") {
  Server server;
  const std::string answer = server.exchange("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(answer.find("Content-Length: 3000000\r\n") != std::string::npos);
  CHECK(answer.size() - answer.find("\r\n\r\n") - 4 == 3'000'000);
}

TEST_CASE("HTTP: a late answer to a peer that is gone is dropped in peace") {
  Server server;
  {
    RawClient client(server.server->endpoint());
    client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(eventually([&] { return server.mirror->waiting() == 1; }));
  }
  server.mirror->release();
  CHECK(eventually([&] { return server.threads.connections() == 0; }));
}

TEST_CASE("HTTP: over TLS, with keep-alive") {
  const TestCertificates certificates;
  HttpServerOptions options;
  options.tls = *make_tls_server({certificates.server(), certificates.server_key(), certificates.ca()});
  Server server(options);
  RawClient client(server.server->endpoint(), *make_tls_client({certificates.ca(), certificates.client(),
                                                                certificates.client_key(), ""}));
  const std::string body(200'000, 'b');
  for (std::size_t i = 1; i <= 3; ++i) {
    client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + body);
    CHECK(client.until("127.0.0.1", i).find(sum_of(body)) != std::string::npos);
  }
}

TEST_CASE(
    "HTTP: a graceful stop closes idle connections and answers the request in hand with Connection: close") {
  Server server({}, {1, 10ms});
  RawClient idle(server.server->endpoint());
  RawClient busy(server.server->endpoint());
  idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  idle.until("127.0.0.1");
  busy.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  REQUIRE(eventually([&] { return server.mirror->waiting() == 1; }));
  auto stopping = std::async(std::launch::async, [&] { return server.threads.stop(20s); });
  idle.rest();
  server.mirror->release();
  const std::string answer = busy.rest();
  CHECK(answer.find("Connection: close\r\n") != std::string::npos);
  CHECK(answer.find("late") != std::string::npos);
  CHECK(stopping.get() == 0);
}

TEST_CASE("HTTP: answers owed at the end of a stop are dropped in peace") {
  auto mirror = std::make_shared<Mirror>();
  {
    IoThreads threads(1);
    HttpServerOptions options;
    options.endpoint = loopback();
    const auto server = HttpServer::start(threads, options, mirror);
    REQUIRE(server);
    RawClient client((*server)->endpoint());
    client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(eventually([&] { return mirror->waiting() == 1; }));
    CHECK(threads.stop(1ms) == 1);
  }
  mirror->release();
  CHECK(mirror->waiting() == 0);
}

TEST_CASE("HTTP message: a request made by hand reads like one that was received") {
  const Request request =
      Request::make("GET", "http://example.org/a/b?x=1%2B1&y=", {{"If-Match", "W/\"3\""}}, "{}");
  CHECK(request.path() == "/a/b");
  CHECK(request.query() == "x=1%2B1&y=");
  CHECK(request.parameters() == std::vector<HeaderPair>{{"x", "1+1"}, {"y", ""}});
  CHECK(request.header("if-match") == "W/\"3\"");
  CHECK(request.body() == "{}");
  std::string decoded;
  CHECK(percent_decode(percent_encode("Đà Nẵng & 100%+"), true, decoded));
  CHECK(decoded == "Đà Nẵng & 100%+");
  CHECK_FALSE(percent_decode("%4", true, decoded));
}

}  // namespace
}  // namespace lienthong::net
