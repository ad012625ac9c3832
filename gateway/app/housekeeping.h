#pragma once
// Forgetting by age while the gateway serves: messages (store.keep_messages) and what repeats are known by.

#include <chrono>
#include <functional>

#include "gateway/base/clock.h"
#include "gateway/base/log.h"
#include "gateway/base/result.h"
#include "gateway/base/ticker.h"
#include "gateway/store/store.h"

namespace lienthong::app {

struct Retention {
  std::chrono::microseconds duplicates{0};  // the longest window of all sources
  std::chrono::microseconds messages{0};    // 0 = for ever
};

// Forgets all that is older at `now`, slice by slice, each a job of its own; ends early when `stop` says so.
// Blocks; not on io or writer threads. Errors: those of Store::submit and of the disk.
Result<void> forget_old(store::Store& store, const Retention& retention, Instant now,
                        const std::function<bool()>& stop);

// Does so every minute on a thread of its own. Must end before the store stops.
class Housekeeping {
 public:
  Housekeeping(store::Store& store, const Clock& clock, Log& log, Retention retention);

 private:
  void tidy();

  store::Store& store_;
  const Clock& clock_;
  Log& log_;
  const Retention retention_;
  Ticker ticker_;
};

}  // namespace lienthong::app
