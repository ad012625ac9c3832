#pragma once
// The writer: takes what waits, commits it as one group, tells everyone. On its own thread, or, for a single
// brief job, on that of a caller of end_turn().

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "gateway/store/checkpointer.h"
#include "gateway/store/group_transaction.h"
#include "gateway/store/job_queue.h"
#include "gateway/store/store.h"

namespace lienthong::store {

class Writer {
 public:
  // Starts the thread at once. `side`: the checkpointer's connection.
  Writer(const StoreOptions& options, std::unique_ptr<GroupTransaction> transaction,
         std::unique_ptr<Connection> side);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // As Store::submit.
  Result<void> submit(Job&& job);
  // As Store::end_turn.
  void end_turn();
  void add_hook(BatchHook* hook);
  void stop();

  JobQueue& queue() noexcept { return queue_; }
  StoreState state() const noexcept { return state_.load(std::memory_order_acquire); }
  StoreCounters counters() const noexcept;

 private:
  void run();
  void take_and_commit();
  // Commits jobs from `first` on; returns the first one not in the group.
  std::size_t commit_group(std::size_t first);
  Result<void> begin();
  bool group_goes_on(std::size_t next, std::size_t last) const noexcept;
  // Each runs jobs from `next` on, adds their results, and returns the first one that was not run.
  std::size_t run_alone(std::size_t next);
  std::size_t run_together(std::size_t next, std::size_t last);
  Result<void> open_savepoint();
  void undo_savepoint();
  Result<void> finish_group();
  void roll_back();
  void refuse_from(std::size_t first);
  // Gives the jobs [first, first + results_.size()) their results.
  void deliver(std::size_t first);
  void group_by_executor(std::size_t first);
  void note_damage();
  void note_full();
  void fail_for_good(const Error& error);
  void keep_wal_short();
  void limit_wal();
  void try_to_resume();
  Result<void> write_probe();
  void idle_work();
  std::chrono::milliseconds wait_time() const noexcept;
  Error refusal() const;

  struct ForExecutor {
    CompletionExecutor* executor;
    std::vector<Completed> completed;
  };

  const StoreOptions& options_;
  JobQueue queue_;
  // Held by the thread that is the writer: all below, but what is atomic, is its own.
  std::mutex writing_;
  std::unique_ptr<GroupTransaction> transaction_;
  std::vector<BatchHook*> hooks_;
  std::vector<Job> jobs_;
  std::vector<Result<void>> results_;
  std::vector<ForExecutor> posts_;
  std::chrono::steady_clock::time_point group_until_{};  // no job is begun later
  std::chrono::steady_clock::time_point next_wal_try_{};
  std::chrono::steady_clock::time_point next_probe_{};
  std::chrono::steady_clock::time_point own_thread_until_{};  // callers of end_turn() do not commit before

  std::atomic<StoreState> state_{StoreState::Ready};
  std::atomic<std::uint64_t> commits_{0};
  std::atomic<std::uint64_t> done_jobs_{0};
  std::atomic<std::uint64_t> failed_jobs_{0};
  std::atomic<std::uint64_t> rolled_back_{0};
  std::atomic<std::uint64_t> truncations_{0};

  std::mutex failure_mutex_;
  std::optional<Error> side_failure_;  // from the checkpointer, for the writer thread to act on
  std::atomic<bool> side_failed_{false};
  Checkpointer checkpointer_;
  std::once_flag stopped_;
  std::thread thread_;
};

}  // namespace lienthong::store
