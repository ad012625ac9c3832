#pragma once
// The FHIR API as a client meets it: a real server and client, a real store, every change noted for an
// outbox.

#include <rapidjson/document.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/api/fhir_handler.h"
#include "gateway/net/http_client.h"
#include "gateway/net/http_server.h"

namespace lienthong::api {

inline constexpr Instant kMorning{std::chrono::seconds(1'772'410'500)};  // 2026-03-02T00:15:00Z

// One parsed body; fails the test when it is no JSON.
inline rapidjson::Document parsed(const std::string& body) {
  rapidjson::Document document;
  document.Parse(body.data(), body.size());
  INFO(body.substr(0, 300));
  REQUIRE_FALSE(document.HasParseError());
  return document;
}

class IoExecutor final : public store::CompletionExecutor {
 public:
  explicit IoExecutor(net::IoThreads& threads) : threads_(threads) {}
  void post(std::vector<store::Completed>&& batch) override {
    threads_.post(0, [owned = std::move(batch)]() mutable {
      for (auto& completed : owned) completed();
    });
  }

 private:
  net::IoThreads& threads_;
};

class ApiServer {
 public:
  explicit ApiServer(std::vector<Token> tokens = {}, CheckMode check = CheckMode::Off) : check_(check) {
    std::string pattern = std::filesystem::temp_directory_path() / "lienthong-api-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    store::StoreOptions options;
    options.path = folder_ + "/test.db";
    const auto migrations = repository::sqlite::migrations();
    auto opened = store::Store::open(std::move(options), migrations);
    REQUIRE(opened.has_value());
    store_ = std::move(*opened);
    store_->add_hook(&repository_->batch_hook());
    listen(std::move(tokens));
  }
  ~ApiServer() {
    client_.reset();
    server_->stop_accepting();
    threads_.stop(std::chrono::milliseconds(200));
    server_.reset();
    store_->stop();
    handler_.reset();
    std::filesystem::remove_all(folder_);
  }

  net::ClientResponse ask(std::string method, std::string path, std::string body = {},
                          std::vector<net::HeaderPair> headers = {}) {
    net::ClientRequest request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    request.headers = std::move(headers);
    if (!request.body.empty() && !has_type(request.headers))
      request.headers.emplace_back("Content-Type", "application/fhir+json");
    auto answered = std::make_shared<std::promise<Result<net::ClientResponse>>>();
    auto future = answered->get_future();
    client_->send(std::move(request),
                  [answered](Result<net::ClientResponse> got) { answered->set_value(std::move(got)); });
    REQUIRE(future.wait_for(std::chrono::seconds(60)) == std::future_status::ready);
    auto response = future.get();
    if (!response) FAIL(to_string(response.error()));
    if (response->status >= 400 && response->status != 401) CHECK(is_outcome(*response));
    return std::move(*response);
  }
  net::ClientResponse get(std::string path, std::vector<net::HeaderPair> headers = {}) {
    return ask("GET", std::move(path), {}, std::move(headers));
  }
  net::ClientResponse put(const std::string& type, const std::string& id, const std::string& members = {},
                          std::vector<net::HeaderPair> headers = {}) {
    return ask("PUT", "/" + type + "/" + id, resource(type, id, members), std::move(headers));
  }
  static std::string resource(const std::string& type, const std::string& id, const std::string& members) {
    return R"({"resourceType":")" + type + R"(","id":")" + id + '"' + (members.empty() ? "" : ",") + members +
           "}";
  }
  static bool is_outcome(const net::ClientResponse& response) {
    return response.body.find(R"({"resourceType":"OperationOutcome")") == 0 &&
           response.header("Content-Type").find("application/fhir+json") == 0;
  }
  // "http://127.0.0.1:1234/fhir"
  std::string base() const { return "http://" + net::to_string(server_->endpoint()) + "/fhir"; }
  net::Endpoint endpoint() const { return server_->endpoint(); }
  store::Store& store() { return *store_; }
  repository::Repository& repository() { return *repository_; }
  FixedClock& clock() { return clock_; }
  std::size_t changes() {
    const std::lock_guard lock(mutex_);
    return changes_;
  }

 private:
  static bool has_type(const std::vector<net::HeaderPair>& headers) {
    for (const auto& header : headers) {
      if (header.first == "Content-Type") return true;
    }
    return false;
  }
  void listen(std::vector<Token> tokens) {
    ApiServices services{*store_, *repository_, clock_, metrics_, "1.0", "", std::move(tokens), 1 << 20, 1,
                         2,       {},           {},     {}};
    static const fhir::validate::Validator validator;
    services.validator = &validator;
    services.check = check_;
    services.executor = [this](unsigned) { return &executor_; };
    services.on_changes = [this](store::Transaction&, std::span<const repository::Change> changes,
                                 Instant) -> Result<void> {
      const std::lock_guard lock(mutex_);
      for (const auto& change : changes) changes_ += change.changed ? 1 : 0;
      return {};
    };
    auto handler = FhirHandler::make(std::move(services), "/fhir");
    REQUIRE(handler.has_value());
    handler_ = *handler;
    net::HttpServerOptions options;
    options.endpoint = {"127.0.0.1", 0};
    auto server = net::HttpServer::start(threads_, std::move(options), handler_);
    REQUIRE(server.has_value());
    server_ = std::move(*server);
    net::HttpClientOptions to_server;
    to_server.base_url = base();
    auto client = net::HttpClient::make(threads_, std::move(to_server));
    REQUIRE(client.has_value());
    client_ = std::move(*client);
  }

  std::string folder_;
  FixedClock clock_{kMorning};
  Metrics metrics_;
  std::mutex mutex_;
  CheckMode check_;
  std::size_t changes_ = 0;
  std::unique_ptr<repository::Repository> repository_ = repository::sqlite::make_repository();
  std::unique_ptr<store::Store> store_;
  net::IoThreads threads_{1};
  IoExecutor executor_{threads_};
  std::shared_ptr<FhirHandler> handler_;
  std::unique_ptr<net::HttpServer> server_;
  std::unique_ptr<net::HttpClient> client_;
};

}  // namespace lienthong::api
