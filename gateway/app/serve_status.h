#pragma once
// What the gateway says of itself: /health for people and load balancers, gauges for /metrics.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gateway/app/schedule.h"
#include "gateway/base/clock.h"
#include "gateway/base/metrics.h"
#include "gateway/base/ticker.h"
#include "gateway/delivery/outbox.h"
#include "gateway/net/http_server.h"
#include "gateway/repository/repository.h"
#include "gateway/store/store.h"

namespace lienthong::app {

// Where a watched number is read; called on Status' thread, must not block.
struct WatchedSource {
  std::string name;
  Schedule expect;  // every = 0: nothing is expected
  std::chrono::minutes utc_offset{0};
  std::function<Instant()> last_heard;  // the epoch: not yet
  // The mapping in use, "hl7v2 1.4 #8f3c…"; empty: none can be used, and nothing is taken.
  std::function<std::string()> mapping = {};
  std::function<bool()> mapping_refused = {};  // the files are wrong since: the one in use is an older one
  std::function<void(bool late)> turned = {};  // it has fallen silent, or speaks again
};
struct WatchedListener {
  std::string name;
  std::function<net::ListenerCounts()> counts;
};

// Looks every two seconds on a thread of its own, so that asking costs nothing.
class Status {
 public:
  struct Destination {
    DestinationId id;
    std::string name;
    std::function<std::optional<Instant>()> away_since = {};  // as delivery::Destination says
  };
  // `repository`: for how much it holds; null: there is none. Must live as long.
  Status(store::Store& store, const Clock& clock, Metrics& metrics, std::vector<Destination> destinations,
         const repository::Repository* repository = nullptr);

  // What is watched must live as long. Any thread.
  void watch(WatchedSource source);
  void watch(WatchedListener listener);
  // One look now, for tests; else the thread looks.
  void look(store::Reader& reader);

  // A destination that has taken nothing for so long is a matter for people: shorter ones pass by themselves.
  static constexpr std::chrono::seconds kLongAway{60};

  // JSON. Works: all is as it should be. Degraded: messages are taken and kept, but a destination has long
  // been away, a source is late or its mapping was refused. Failing: nothing can be kept (then 503).
  enum class Health : std::uint8_t { Works, Degraded, Failing };
  std::string health(Health& health) const;

 private:
  void look_at_destinations(store::Reader& reader);
  struct Watched;
  Result<delivery::OutboxDepth> depth_of(store::Reader& reader, Watched& watched);
  void look_at_results(store::Reader& reader);
  void look_at_sources();
  void look_at_listeners();
  std::string destinations_json(bool& degraded) const;
  std::string sources_json(bool& degraded) const;

  store::Store& store_;
  const Clock& clock_;
  struct Watched {
    Destination destination;
    Gauge* waiting;
    Gauge* age;
    delivery::OutboxDepth depth;
    std::chrono::steady_clock::time_point count_again{};  // not before
    std::optional<Instant> away_since = {};               // long ago; guarded by mutex_
  };
  struct Heard {
    WatchedSource source{};
    Gauge* silent = nullptr;
    std::int64_t silent_seconds = 0;
    bool late = false;
    std::string mapping = {};
    bool mapping_refused = false;
  };
  struct Listening {
    WatchedListener listener;
    Gauge* open;
    Counter* refused;
    std::uint64_t counted = 0;
  };
  Metrics& metrics_;
  const Instant started_;
  const repository::Repository* repository_;
  std::vector<Watched> watched_;
  std::vector<Heard> sources_;        // guarded by mutex_
  std::vector<Listening> listeners_;  // guarded by mutex_
  Counter& versions_made_;
  Gauge& database_;
  Gauge& queue_;
  Gauge& full_;
  Gauge& wal_;
  Gauge &counted_, &untied_, &tied_, &made_up_;   // results by kind
  repository::Repository::ResultCounts results_;  // guarded by mutex_
  mutable std::mutex mutex_;
  std::unique_ptr<store::Reader> reader_;  // the ticker's
  std::optional<Ticker> ticker_;           // from the end of the constructor on
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
