#pragma once
// One destination: takes what its outbox holds to the other side, in order per patient, in parallel across
// patients.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "gateway/base/metrics.h"
#include "gateway/delivery/clearance.h"
#include "gateway/delivery/outbox.h"
#include "gateway/delivery/sender.h"
#include "gateway/repository/repository.h"
#include "gateway/store/store.h"

namespace lienthong::delivery {

struct DestinationOptions {
  DestinationId id;
  std::string name;                      // for logs and metrics
  EntryKind kind = EntryKind::Resource;  // Message: where no repository is kept
  Clearance clearance;                   // semantics 18: what is labelled otherwise is not sent
  std::size_t max_entries = 200;         // of one bundle; a closure that is larger still goes as one
  std::size_t max_bytes = std::size_t{1} << 20;
  std::size_t parallel = 8;  // bundles on their way at once
  std::chrono::milliseconds first_backoff{1'000};
  std::chrono::milliseconds most_backoff{60'000};
};

// Renders a message that is passed on whole as a transaction Bundle. Called on the destination's thread.
using MessageRenderer = std::function<Result<std::string>(store::Connection&, MessageRow)>;

// What a destination works with; all of it outlives the destination.
struct DestinationServices {
  store::Store& store;
  const repository::Repository* repository = nullptr;  // EntryKind::Resource
  MessageRenderer render;                              // EntryKind::Message
  Outbox& outbox;
  const Clock& clock;
  Log& log;
  Metrics& metrics;
};

// Has a thread of its own from start() to stop(). Any thread.
class Destination {
 public:
  Destination(DestinationServices services, DestinationOptions options, std::unique_ptr<Sender> sender);
  ~Destination();

  void start();
  // Something was added to the outbox. Quick; called on the writer thread.
  void wake();
  // Finishes no more than what is being decided now; what is on its way is sent again at the next start
  // (harmless: the other side knows what it has).
  void stop();

  // Since when the other side takes nothing (no answer, or none that says yes or no); nothing when the last
  // try went through, or none was made since the start. Any thread.
  std::optional<Instant> away_since() const;

  const DestinationOptions& options() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lienthong::delivery
