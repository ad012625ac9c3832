#pragma once
// The bounded queue in front of the writer: many submit, one at a time takes all that waits.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/store/job.h"

namespace lienthong::store {

// Any thread; wait() only the writer's; take_all() and finished() only whoever commits.
class JobQueue {
 public:
  JobQueue(std::size_t most_jobs, std::size_t most_bytes) : most_jobs_(most_jobs), most_bytes_(most_bytes) {}

  // Busy (LT-1201) or Interrupted (LT-1203), `job` untouched. A single job above the byte bound is taken when
  // the queue is empty, so that it is not refused for ever.
  Result<void> push(Job&& job);

  // A commit costs about as much as the statements of ten jobs, so under load few jobs in each would take
  // more than half of the processors; what a wait of 1 ms brings together then makes up for it.
  static constexpr std::chrono::milliseconds kCompany{1};
  static constexpr std::size_t kEnough = 64;

  enum class Waited : std::uint8_t { Jobs, Nothing, Closed };
  // Nothing: none came within `patience`, or poke() was called. Closed: close() was called and none is left.
  // Jobs wait for more only while a thread is in its turn, at most kCompany and only until there are kEnough.
  Waited wait(std::chrono::milliseconds patience);
  // Swaps all waiting jobs into `into` (empty before).
  void take_all(std::vector<Job>& into);
  // As Store::begin_turn.
  void begin_turn() noexcept;
  // As Store::end_turn. True: a single brief job waits, nothing more is in the making and the writer sleeps:
  // the caller commits it, or calls wake_writer().
  bool end_turn();
  void wake_writer();
  // The taken jobs count towards the bound until they have their fate.
  void finished(std::size_t jobs, std::size_t bytes) noexcept;

  void poke();
  void close();
  bool closed() const;
  std::size_t depth() const noexcept { return jobs_.load(std::memory_order_relaxed); }
  std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

 private:
  using Time = std::chrono::steady_clock::time_point;
  bool is_due(Time now) const noexcept;

  const std::size_t most_jobs_;
  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Job> waiting_;
  Time oldest_{};  // when the first of waiting_ came
  bool writer_waits_ = false;
  bool poked_ = false;
  bool closed_ = false;
  std::atomic<std::size_t> jobs_{0};
  std::atomic<std::size_t> bytes_{0};
  std::atomic<unsigned> turns_{0};  // threads in one
};

}  // namespace lienthong::store
