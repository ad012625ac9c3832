#include "gateway/store/job_queue.h"

#include <utility>

#include "gateway/store/error_numbers.h"

namespace lienthong::store {

Result<void> JobQueue::push(Job&& job) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return fail(Category::Interrupted, kStoreStopped, "The store is closing.");
    const std::size_t jobs = depth();
    if (jobs >= most_jobs_ || (jobs > 0 && bytes() + job.bytes > most_bytes_)) {
      return fail(Category::Busy, kQueueFull, "The store's queue is full; try again later.");
    }
    jobs_.fetch_add(1, std::memory_order_relaxed);
    bytes_.fetch_add(job.bytes, std::memory_order_relaxed);
    waiting_.push_back(std::move(job));
    wake = std::exchange(taker_waits_, false);  // one wake-up, however many follow before it runs
  }
  if (wake) wake_.notify_one();
  return {};
}

JobQueue::Taken JobQueue::take(std::vector<Job>& into, std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  if (waiting_.empty() && !closed_ && !poked_) {
    taker_waits_ = true;
    wake_.wait_for(lock, wait, [this] { return !waiting_.empty() || closed_ || poked_; });
    taker_waits_ = false;
  }
  poked_ = false;
  if (!waiting_.empty()) {
    into.swap(waiting_);
    return Taken::Jobs;
  }
  return closed_ ? Taken::Closed : Taken::Nothing;
}

void JobQueue::finished(std::size_t jobs, std::size_t bytes) noexcept {
  jobs_.fetch_sub(jobs, std::memory_order_relaxed);
  bytes_.fetch_sub(bytes, std::memory_order_relaxed);
}

void JobQueue::poke() {
  {
    const std::lock_guard lock(mutex_);
    poked_ = true;
  }
  wake_.notify_one();
}

void JobQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  wake_.notify_one();
}

bool JobQueue::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace lienthong::store
