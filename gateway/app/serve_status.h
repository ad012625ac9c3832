#pragma once
// What the gateway says of itself: /health for people and load balancers, gauges for /metrics.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/metrics.h"
#include "gateway/delivery/outbox.h"
#include "gateway/net/http_server.h"
#include "gateway/store/store.h"

namespace lienthong::app {

// Looks every two seconds on a thread of its own, so that asking costs nothing.
class Status {
 public:
  struct Destination {
    DestinationId id;
    std::string name;
  };
  Status(store::Store& store, const Clock& clock, Metrics& metrics, std::vector<Destination> destinations);
  ~Status();

  // JSON; `healthy` false when nothing can be kept (then 503).
  std::string health(bool& healthy) const;

 private:
  void run();
  void look(store::Reader& reader);

  store::Store& store_;
  const Clock& clock_;
  struct Watched {
    Destination destination;
    Gauge* waiting;
    Gauge* age;
    delivery::OutboxDepth depth;
  };
  std::vector<Watched> watched_;
  Gauge& queue_;
  Gauge& full_;
  Gauge& wal_;
  mutable std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

// Serves one text made anew for each request.
class TextHandler final : public net::HttpHandler {
 public:
  using Make = std::function<net::Response(const net::Request&)>;
  explicit TextHandler(Make make) : make_(std::move(make)) {}
  void handle(net::Request&& request, net::Responder responder) override { responder(make_(request)); }
  std::size_t body_limit(std::string_view, std::string_view) const override { return 0; }

 private:
  Make make_;
};

}  // namespace lienthong::app
