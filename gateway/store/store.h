#pragma once
// The database file and its one writer thread.
//
// Everything that waits is committed in one transaction (WAL, synchronous=FULL); who asked hears when it is
// on disk. Source: docs/architecture.md, rules 2 and 7.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/store/job.h"
#include "gateway/store/migration.h"
#include "gateway/store/reader.h"

namespace lienthong::store {

struct StoreOptions {
  std::string path;  // the database file; its folder must exist
  std::string vfs;   // a registered SQLite VFS; "" = the default (tests inject faults through another)
  std::size_t queue_jobs = 20'000;
  std::size_t queue_bytes = std::size_t{64} << 20;
  std::size_t batch_jobs = 1'000;       // most jobs in one transaction
  std::chrono::milliseconds slice{20};  // no new job is begun in a transaction older than this
  std::chrono::milliseconds checkpoint_every{200};
  std::uint64_t wal_limit_bytes = std::uint64_t{256}
                                  << 20;  // beyond it the writer empties the WAL between batches
  std::uint32_t cache_kib = 32 * 1024;    // page cache of the writer; readers take 2 MiB each
  std::size_t readers = 8;                // most pooled readers
  std::chrono::milliseconds snapshot_limit{5'000};
  std::chrono::milliseconds full_retry{500};  // how often a full disk is tried again
  // Called once, on the thread that commits, when the disk fails: the program must say so and exit. May be
  // empty.
  std::function<void(const Error&)> on_fatal;
  // The disk has become full (true), or has room again. On the thread that commits, at each change. May be
  // empty.
  std::function<void(bool)> on_full;
};

enum class StoreState : std::uint8_t {
  Ready,
  Full,    // no space on disk: submit() answers Busy, reading works, resumes by itself
  Failed,  // the disk failed: nothing is accepted until the program is started again
  Stopped,
};

struct StoreCounters {
  std::uint64_t commits = 0;
  std::uint64_t jobs = 0;
  std::uint64_t failed_jobs = 0;
  std::uint64_t rolled_back_batches = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t wal_truncations = 0;
  std::uint64_t wal_pages = 0;  // now in the WAL
};

// Any thread may call any function unless said otherwise.
class Store {
 public:
  // Opens or creates the file, brings its tables up to `migrations` (the store's own are added), and starts
  // the writer. Errors: Conflict (in use by another process), Incorrect (another program's file), Unsupported
  // (newer schema), Fault (disk).
  static Result<std::unique_ptr<Store>> open(StoreOptions options, std::span<const Migration> migrations);

  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  // stop(), then closes.
  ~Store();

  // Never blocks. Jobs run in the order of submit(); jobs submitted by one thread keep their order. Errors:
  // Busy (queue or disk full), Interrupted (stopping), Fault (failed); then the job's completion is never
  // called, and `job` is left as it was.
  Result<void> submit(Job&& job);
  // A thread that handles many messages one after another says when it begins and when, for now, it has no
  // more: what waits may then be committed together with what such threads are still making, but never waits
  // longer than 1 ms, and not at all when no thread is in a turn. Each begin with one end on the same thread.
  // When a single brief job waits at the end and nothing else is going on, end_turn() commits it on the
  // calling thread: with one sender the two hand-overs to the writer's thread and back take as long as half
  // of a commit. After one that took longer than 2 ms (a slow disk) they are left to the writer's thread for
  // twenty times as long.
  void begin_turn() noexcept;
  void end_turn();
  // Submits and waits for the fate; for set-up, tests and tools. Never on the writer or an io thread.
  Result<void> submit_and_wait(Work work);

  std::size_t queue_depth() const noexcept;
  std::size_t queue_bytes() const noexcept;
  StoreState state() const noexcept;
  StoreCounters counters() const noexcept;

  // Before the first submit() only.
  void add_hook(BatchHook* hook);

  // A read connection for a thread that keeps it.
  Result<std::unique_ptr<Reader>> open_reader() const;
  // Shared readers for threads that read now and then.
  ReaderPool& readers() noexcept;

  // Minted when the file was made; the same for its whole life (also after restore).
  const Uuid& installation() const noexcept;
  const StoreOptions& options() const noexcept;

  // Refuses new jobs, commits what waits, checkpoints, ends the threads. Idempotent.
  void stop();

 private:
  class Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace lienthong::store
