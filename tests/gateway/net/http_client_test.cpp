#include "gateway/net/http_client.h"

#include <catch2/catch.hpp>
#include <future>

#include "gateway/net/http_server.h"
#include "gateway/net/stream_server.h"
#include "tests/gateway/net/test_net.h"

namespace lienthong::net {
namespace {

using namespace testing;

class Destination final : public HttpHandler {
 public:
  void handle(Request&& request, Responder responder) override {
    ++requests;
    if (request.path() == "/base/never") return hold(std::move(responder));
    Response response;
    if (request.path() == "/base/missing") response.status = 404;
    response.close = request.path() == "/base/close";
    response.headers.emplace_back("ETag", "W/\"1\"");
    response.body = std::string(request.method()) + " " + std::string(request.target()) + " " +
                    std::string(request.header("host")) + " " + std::string(request.body());
    if (request.path() == "/base/large") response.body.assign(2'000'000, 'x');
    responder(std::move(response));
  }
  std::atomic<int> requests{0};

 private:
  void hold(Responder responder) {
    const std::lock_guard lock(mutex_);
    held_.push_back(std::move(responder));
  }
  std::mutex mutex_;
  std::vector<Responder> held_;
};

struct Pair {
  explicit Pair(HttpClientOptions options = {}, Timeouts timeouts = {}) : threads({2, 10ms}) {
    HttpServerOptions server_options;
    server_options.endpoint = loopback();
    server_options.timeouts = timeouts;
    server = std::move(*HttpServer::start(threads, server_options, destination));
    options.base_url = "http://localhost:" + std::to_string(server->endpoint().port) + "/base/";
    client = std::move(*HttpClient::make(threads, options));
  }
  ~Pair() { threads.stop(5s); }

  std::future<Result<ClientResponse>> send(ClientRequest request) {
    auto promise = std::make_shared<std::promise<Result<ClientResponse>>>();
    auto future = promise->get_future();
    client->send(std::move(request),
                 [promise](Result<ClientResponse> result) { promise->set_value(std::move(result)); });
    return future;
  }
  Result<ClientResponse> get(std::string path) {
    ClientRequest request;
    request.path = std::move(path);
    return send(std::move(request)).get();
  }
  std::shared_ptr<Destination> destination = std::make_shared<Destination>();
  IoThreads threads;
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<HttpClient> client;
};

TEST_CASE("HTTP client: request and response go through, one connection serves many") {
  Pair pair;
  ClientRequest request;
  request.method = "POST";
  request.path = "/Patient?_format=json";
  request.body = "{}";
  const auto answer = pair.send(std::move(request)).get();
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->header("etag") == "W/\"1\"");
  const std::string host = "localhost:" + std::to_string(pair.server->endpoint().port);
  CHECK(answer->body == "POST /base/Patient?_format=json " + host + " {}");
  for (int i = 0; i < 20; ++i) CHECK(pair.get("/x")->status == 200);
  CHECK(pair.get("/missing")->status == 404);
  CHECK(pair.server->counts().accepted == 1);
}

TEST_CASE("HTTP client: HEAD, and an answer that ends its connection") {
  Pair pair;
  ClientRequest head;
  head.method = "HEAD";
  head.path = "/x";
  const auto answer = pair.send(std::move(head)).get();
  REQUIRE(answer);
  CHECK(answer->body.empty());
  CHECK(pair.get("/close")->status == 200);
  CHECK(pair.get("/close")->status == 200);
  CHECK(pair.server->counts().accepted == 2);
}

TEST_CASE("HTTP client: many at once stay within the connections allowed") {
  HttpClientOptions options;
  options.max_connections = 3;
  Pair pair(options);
  std::vector<std::future<Result<ClientResponse>>> answers;
  for (int i = 0; i < 200; ++i) {
    ClientRequest request;
    request.path = "/n" + std::to_string(i);
    answers.push_back(pair.send(std::move(request)));
  }
  for (int i = 0; i < 200; ++i) {
    const auto answer = answers[static_cast<std::size_t>(i)].get();
    REQUIRE(answer);
    CHECK(answer->body.find("/base/n" + std::to_string(i) + " ") != std::string::npos);
  }
  CHECK(pair.server->counts().accepted <= 3);
}

TEST_CASE("HTTP client: too many waiting is busy, and nobody is forgotten at the end") {
  HttpClientOptions options;
  options.max_connections = 1;
  options.max_waiting = 2;
  auto pair = std::make_unique<Pair>(options);
  auto first = pair->send({"GET", "/never", {}, "", 0ms, true});
  REQUIRE(eventually([&] { return pair->destination->requests == 1; }));
  auto second = pair->send({});
  auto third = pair->send({});
  const auto fourth = pair->send({}).get();
  REQUIRE_FALSE(fourth);
  CHECK(fourth.error().category == Category::Busy);
  pair->client.reset();
  for (auto* owed : {&first, &second, &third}) {
    const auto result = owed->get();
    REQUIRE_FALSE(result);
    CHECK(result.error().category == Category::Interrupted);
  }
}

TEST_CASE("HTTP client: a server that does not answer in time is given up") {
  Pair pair;
  const auto late = pair.send({"GET", "/never", {}, "", 30ms, true}).get();
  REQUIRE_FALSE(late);
  CHECK(late.error().category == Category::Interrupted);
  CHECK(pair.get("/x")->status == 200);
}

TEST_CASE("HTTP client: an answer over the limit is refused, the next request goes on") {
  HttpClientOptions options;
  options.response_limit = 100'000;
  Pair pair(options);
  const auto large = pair.get("/large");
  REQUIRE_FALSE(large);
  CHECK(large.error().category == Category::Incorrect);
  CHECK(pair.get("/x")->status == 200);
}

TEST_CASE("HTTP client: a kept connection the server has closed meanwhile does no harm") {
  Timeouts short_idle;
  short_idle.idle = 20ms;
  Pair pair({}, short_idle);
  for (int i = 0; i < 5; ++i) {
    CHECK(pair.get("/x"));
    CHECK(eventually([&] { return pair.server->counts().timed_out >= static_cast<std::uint64_t>(i + 1); }));
  }
}

TEST_CASE("HTTP client: nobody listening is unavailable, and a bad request is not sent") {
  Pair pair;
  pair.server.reset();
  const auto refused = pair.get("/x");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().category == Category::Unavailable);
  const auto split = pair.get("/x HTTP/1.1\r\nEvil: 1");
  REQUIRE_FALSE(split);
  CHECK(split.error().category == Category::Incorrect);
}

// Answers each connection with fixed bytes and closes.
class Fixed final : public StreamHandler {
 public:
  explicit Fixed(std::string answer) : answer_(std::move(answer)) {}
  void on_open(std::shared_ptr<Stream> stream) override { stream_ = std::move(stream); }
  void on_bytes(std::string_view) override {
    stream_->write(answer_);
    stream_->close_after_write();
  }
  void on_closed(CloseReason, const Error*) override { stream_.reset(); }

 private:
  std::string answer_;
  std::shared_ptr<Stream> stream_;
};

Result<ClientResponse> get_from(const std::string& answer) {
  IoThreads threads({1, 10ms});
  StreamServerOptions options;
  options.endpoint = loopback();
  const auto server =
      StreamServer::start(threads, options, [&](const Peer&) { return std::make_shared<Fixed>(answer); });
  REQUIRE(server);
  HttpClientOptions client_options;
  client_options.base_url = "http://" + to_string((*server)->endpoint());
  const auto client = HttpClient::make(threads, client_options);
  REQUIRE(client);
  std::promise<Result<ClientResponse>> promise;
  (*client)->send({"GET", "/", {}, "", 5s, true},
                  [&](Result<ClientResponse> r) { promise.set_value(std::move(r)); });
  return promise.get_future().get();
}

TEST_CASE("HTTP client: answers of other makes are understood or refused") {
  CHECK(get_from("HTTP/1.1 200 OK\r\n\r\nto the end")->body == "to the end");
  CHECK(get_from("HTTP/1.0 201 Created\r\nContent-Length: 2\r\n\r\nok")->status == 201);
  CHECK(get_from("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")->body ==
        "ok");
  CHECK(
      get_from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")->body ==
      "abc");
  CHECK(get_from("HTTP/1.1 204 No Content\r\n\r\n")->status == 204);
  CHECK(get_from("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort").error().category ==
        Category::Unavailable);
  CHECK(get_from("SSH-2.0-example\r\n").error().category == Category::Incorrect);
  CHECK(get_from("").error().category == Category::Unavailable);
}

TEST_CASE("HTTP client: TLS with a name that is verified, and a client certificate") {
  const TestCertificates certificates;
  IoThreads threads({1, 10ms});
  HttpServerOptions server_options;
  server_options.endpoint = loopback();
  server_options.tls =
      *make_tls_server({certificates.server(), certificates.server_key(), certificates.ca()});
  auto destination = std::make_shared<Destination>();
  const auto server = HttpServer::start(threads, server_options, destination);
  REQUIRE(server);
  const auto try_with = [&](const TlsClientOptions& tls) {
    HttpClientOptions options;
    options.base_url = "https://localhost:" + std::to_string((*server)->endpoint().port);
    options.tls = *make_tls_client(tls);
    const auto client = HttpClient::make(threads, options);
    std::promise<Result<ClientResponse>> promise;
    (*client)->send({"GET", "/x", {}, "", 5s, true},
                    [&](Result<ClientResponse> r) { promise.set_value(std::move(r)); });
    return promise.get_future().get();
  };
  const std::string own = certificates.client();
  const std::string key = certificates.client_key();
  CHECK(try_with({certificates.ca(), own, key, ""}));
  CHECK_FALSE(try_with({certificates.ca(), own, key, "other.example"}));
  CHECK_FALSE(try_with({certificates.ca(), "", "", ""}));
  CHECK(destination->requests == 1);
  threads.stop(5s);
}

TEST_CASE("HTTP client: URLs that cannot be used are refused at the start") {
  IoThreads threads(1);
  for (const char* url :
       {"", "ftp://a/", "http://", "http://a:99999/", "http://u:p@a/", "http://a/?q", "a.example"}) {
    INFO(url);
    HttpClientOptions options;
    options.base_url = url;
    CHECK_FALSE(HttpClient::make(threads, options));
  }
}

}  // namespace
}  // namespace lienthong::net
