#pragma once
// The outbox: per destination, the set of changed resources (or, without a repository, the messages to pass
// on). Small, coalescing, bounded by disk only; it never stops intake. Source: docs/architecture.md rule 6.

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/delivery/outbox_entry.h"
#include "gateway/store/job.h"
#include "gateway/store/transaction.h"

namespace lienthong::delivery {

// Which resources a destination gets.
struct Route {
  DestinationId destination;
  std::vector<std::string> types;  // empty = all
  bool test = false;               // takes test data, and nothing else (semantics 19)
  bool takes(const Change& change) const noexcept;
};

// Adding: on the writer thread, inside the job that changed the resources, so that a change and its outbox
// row are durable together. Register it as a hook of the store before the first submit.
class Outbox final : public store::BatchHook {
 public:
  // Reads where the counters stand. Errors: Fault.
  Result<void> load(store::Connection& connection);
  // Who is to get every change from now on. Before the first submit, or on the writer thread.
  void set_routes(std::vector<Route> routes);

  // Queues the changes for every destination that takes them. Writer thread.
  Result<void> add(store::Transaction& transaction, std::span<const Change> changes, Instant now);
  // Queues a message to be passed on whole; `test`: of a test source. Writer thread.
  Result<void> add(store::Transaction& transaction, Lane lane, MessageRow message, Instant now,
                   bool test = false);
  // Queues changes for one destination (a new one catching up). Writer thread.
  Result<void> add_for(store::Transaction& transaction, DestinationId destination,
                       std::span<const Change> changes, Instant now);

  // Queues a destination's dead letters again, `limit` at most; returns how many. Writer thread.
  Result<std::size_t> resend(store::Transaction& transaction, DestinationId destination, std::size_t limit,
                             Instant now);

  // Called on the writer thread after each commit that added something; must be quick.
  void on_added(std::function<void()> callback) { on_added_ = std::move(callback); }

  void after_commit() override;
  void after_rollback() override { added_ = false; }

 private:
  Result<void> add_one(store::Transaction& transaction, DestinationId destination, const Change& change,
                       Instant now);

  std::vector<Route> routes_;
  std::int64_t next_entry_ = 1;
  bool added_ = false;
  std::function<void()> on_added_;
};

// What happened to an entry that was sent.
struct Delivered {
  EntryKind kind = EntryKind::Resource;
  std::int64_t entry = 0;
  std::int64_t change = 0;  // what was sent; a newer change keeps the row
};

// Takes delivered entries out. `still_waiting` gets those whose resource has changed again meanwhile.
Result<void> remove_delivered(store::Transaction& transaction, std::span<const Delivered> delivered,
                              std::vector<std::int64_t>& still_waiting);

// Moves an entry to the dead letters: no retry can help. `reason` without patient data.
Result<void> bury(store::Transaction& transaction, DestinationId destination, EntryKind kind,
                  const OutboxEntry& entry, int status, std::string_view reason, Instant now);

// Entries of a destination behind `after`, ascending, at most `limit`.
Result<std::vector<OutboxEntry>> read_entries(store::Connection& connection, DestinationId destination,
                                              EntryKind kind, std::int64_t after, std::size_t limit);

// Whether the resource waits for this destination (so the destination may not have it yet). 0: it does not.
Result<std::int64_t> waiting_entry(store::Connection& connection, DestinationId destination,
                                   ResourceRow resource, std::int64_t& change);
// Whether this destination refused the resource for good.
Result<bool> is_buried(store::Connection& connection, DestinationId destination, ResourceRow resource);

// What a destination refused for good; `reason` without patient data.
struct DeadLetter {
  bool is_message = false;  // else a resource
  std::int64_t what = 0;    // its row
  Instant at;
  int status = 0;  // HTTP's
  std::string reason;
};
// The oldest first.
Result<std::vector<DeadLetter>> dead_letters(store::Connection& connection, DestinationId destination,
                                             std::size_t limit);

struct OutboxDepth {
  std::uint64_t waiting = 0;
  std::uint64_t dead = 0;
  Instant oldest{};  // epoch when nothing waits
};
Result<OutboxDepth> depth(store::Connection& connection, DestinationId destination);

}  // namespace lienthong::delivery
