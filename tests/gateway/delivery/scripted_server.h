#pragma once
// A FHIR server whose answers the test writes: it notes every bundle and what it was told of each resource.

#include <algorithm>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/net/http_server.h"

namespace lienthong::delivery {

// The entries' paths of a bundle in their order: "Patient/a".
inline std::vector<std::string> urls_in(const std::string& bundle) {
  std::vector<std::string> urls;
  constexpr std::string_view kUrl = R"("request":{"method":)";
  for (auto at = bundle.find(kUrl); at != std::string::npos; at = bundle.find(kUrl, at + 1)) {
    const auto url = bundle.find("\"url\":\"", at) + 7;
    urls.push_back(bundle.substr(url, bundle.find('"', url) - url));
  }
  return urls;
}

class ScriptedServer final : public net::HttpHandler {
 public:
  // Gives the status of a bundle; 0: it is held until release().
  using Script = std::function<int(const std::string& bundle)>;

  explicit ScriptedServer(Script script) : script_(std::move(script)) {}

  void handle(net::Request&& request, net::Responder responder) override {
    const std::string bundle(request.body());
    std::unique_lock lock(mutex_);
    ++open_;
    most_open_ = std::max(most_open_, open_);
    bundles_.push_back(bundle);
    tokens_.push_back(std::string(request.header("Authorization")));
    const int status = script_(bundle);
    if (status == 0) {
      held_.push_back(std::move(responder));
    } else {
      --open_;
      lock.unlock();
      respond(responder, status);
    }
    came_.notify_all();
  }
  std::size_t body_limit(std::string_view, std::string_view) const override { return 64 << 20; }

  void set(Script script) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(script);
  }
  void release(int status = 200) {
    std::vector<net::Responder> held;
    {
      const std::lock_guard lock(mutex_);
      held.swap(held_);
      open_ = 0;
    }
    for (auto& responder : held) respond(responder, status);
  }
  void wait_for(std::size_t bundles) {
    std::unique_lock lock(mutex_);
    REQUIRE(came_.wait_for(lock, std::chrono::seconds(60), [&] { return bundles_.size() >= bundles; }));
  }
  std::vector<std::string> bundles() {
    const std::lock_guard lock(mutex_);
    return bundles_;
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return bundles_.size();
  }
  std::size_t most_open() {
    const std::lock_guard lock(mutex_);
    return most_open_;
  }
  std::string token() {
    const std::lock_guard lock(mutex_);
    return tokens_.back();
  }

 private:
  static void respond(net::Responder& responder, int status) {
    net::Response response;
    response.status = status;
    response.headers.emplace_back("Content-Type", "application/fhir+json");
    response.body =
        status < 300
            ? R"({"resourceType":"Bundle","type":"transaction-response"})"
            : R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid"}]})";
    responder(std::move(response));
  }

  std::mutex mutex_;
  std::condition_variable came_;
  Script script_;
  std::vector<std::string> bundles_, tokens_;
  std::vector<net::Responder> held_;
  std::size_t open_ = 0, most_open_ = 0;
};

}  // namespace lienthong::delivery
