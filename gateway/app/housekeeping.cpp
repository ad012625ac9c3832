#include "gateway/app/housekeeping.h"

#include "gateway/journal/retention.h"

namespace lienthong::app {
namespace {

constexpr std::chrono::minutes kEvery{1};

using Prune = std::function<Result<journal::PruneResult>(store::Transaction&)>;

// Other jobs come between two slices, so nobody waits longer than for one.
Result<void> in_slices(store::Store& store, const Prune& prune, const std::function<bool()>& stop) {
  bool more = true;
  while (more && !stop()) {
    const auto done = store.submit_and_wait([&](store::Transaction& transaction) -> Result<void> {
      const auto result = prune(transaction);
      if (!result) return forward(result);
      more = result->more;
      return {};
    });
    if (!done) return done;
  }
  return {};
}

}  // namespace

Result<void> forget_old(store::Store& store, const Retention& retention, Instant now,
                        const std::function<bool()>& stop) {
  if (retention.duplicates.count() > 0) {
    const auto done = in_slices(
        store,
        [&](auto& transaction) { return journal::prune_seen(transaction, now - retention.duplicates); },
        stop);
    if (!done) return done;
  }
  if (retention.messages.count() == 0) return {};
  return in_slices(
      store,
      [&](auto& transaction) { return journal::prune_messages(transaction, now - retention.messages); },
      stop);
}

Housekeeping::Housekeeping(store::Store& store, const Clock& clock, Log& log, Retention retention)
    : store_(store),
      clock_(clock),
      log_(log),
      retention_(retention),
      ticker_("lt-housekeeping", kEvery, [this] { tidy(); }) {}

void Housekeeping::tidy() {
  const auto done = forget_old(store_, retention_, clock_.now(), [this] { return ticker_.stopping(); });
  // A full queue or disk passes; the next round goes on where this one ended.
  if (!done) log_.warning("old messages are not forgotten now", {{"error", to_string(done.error())}});
}

}  // namespace lienthong::app
