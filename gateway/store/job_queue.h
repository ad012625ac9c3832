#pragma once
// The bounded queue in front of the writer thread: many submit, one takes all that waits.

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

// Any thread; take() and finished() only the writer's.
class JobQueue {
 public:
  JobQueue(std::size_t most_jobs, std::size_t most_bytes) : most_jobs_(most_jobs), most_bytes_(most_bytes) {}

  // Busy (LT-1201) or Interrupted (LT-1203), `job` untouched. A single job above the byte bound is taken when
  // the queue is empty, so that it is not refused for ever.
  Result<void> push(Job&& job);

  enum class Taken : std::uint8_t { Jobs, Nothing, Closed };
  // Swaps all waiting jobs into `into` (empty before). Nothing: none came within `wait`, or poke() was
  // called. Closed: close() was called and none is left.
  Taken take(std::vector<Job>& into, std::chrono::milliseconds wait);
  // The taken jobs count towards the bound until they have their fate.
  void finished(std::size_t jobs, std::size_t bytes) noexcept;

  void poke();
  void close();
  bool closed() const;
  std::size_t depth() const noexcept { return jobs_.load(std::memory_order_relaxed); }
  std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

 private:
  const std::size_t most_jobs_;
  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Job> waiting_;
  bool taker_waits_ = false;
  bool poked_ = false;
  bool closed_ = false;
  std::atomic<std::size_t> jobs_{0};
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace lienthong::store
