#pragma once
// Copies the WAL back into the database beside the writer, so that no commit waits for it.
// Source: docs/architecture.md, rule 2: PASSIVE on a side connection; over the limit the writer empties the
// WAL.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "gateway/base/result.h"
#include "gateway/base/ticker.h"
#include "gateway/store/group_transaction.h"

namespace lienthong::store {

class Checkpointer {
 public:
  // `side`: a connection of its own. `writer` is only asked for its WAL pages (and used in empty_wal). Starts
  // the thread. `on_failure` is called there, once, when the disk fails.
  Checkpointer(std::unique_ptr<Connection> side, GroupTransaction& writer, std::chrono::milliseconds every,
               std::function<void(const Error&)> on_failure);
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // What becomes of the file when the WAL is emptied: its space is written over, or given back to the disk.
  enum class Space : std::uint8_t { Keep, GiveBack };
  // The writer, between transactions: copies the rest and begins the WAL anew. True when done; false when a
  // reader or the side thread is in the way (the side thread then holds back, try again soon).
  bool empty_wal(Space space);

  // The writer, between transactions: when the side thread has left only a few pages to copy, copies them,
  // so that the next commit begins the WAL again from its start. Writing over what is there is durable in
  // about half of the time that a growing file takes (measured on ext4): the file system has nothing of its
  // own to write down.
  void begin_wal_again();

  // Ends the thread. Idempotent.
  void stop() { ticker_.stop(); }

  std::uint64_t rounds() const noexcept { return rounds_.load(std::memory_order_relaxed); }

 private:
  void round();
  void checkpoint();
  // What is not copied yet, in pages, after one round on the side connection; nothing when it could not be
  // run.
  std::optional<std::uint64_t> copy_what_is_committed();

  std::unique_ptr<Connection> side_;
  GroupTransaction& writer_;
  const std::function<void(const Error&)> on_failure_;
  std::mutex working_;   // held while either side checkpoints
  bool failed_ = false;  // the thread's own, as last_pages_
  std::uint64_t last_pages_ = 0;
  std::atomic<bool> hold_back_{false};
  std::atomic<bool> few_are_left_{false};
  std::atomic<std::uint64_t> rounds_{0};
  Ticker ticker_;  // last: it works with all of the above
};

}  // namespace lienthong::store
