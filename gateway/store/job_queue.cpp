#include "gateway/store/job_queue.h"

#include <utility>

#include "gateway/store/error_numbers.h"

namespace lienthong::store {
namespace {

thread_local const JobQueue* turn_of = nullptr;  // the queue for which this thread is in a turn

}  // namespace

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
    const Time now = std::chrono::steady_clock::now();
    if (waiting_.empty()) oldest_ = now;
    waiting_.push_back(std::move(job));
    // One wake-up, however many follow before it runs; in a turn it comes with the turn's end.
    if (turn_of != this || is_due(now)) wake = std::exchange(taker_waits_, false);
  }
  if (wake) wake_.notify_one();
  return {};
}

bool JobQueue::is_due(Time now) const noexcept {
  return turns_.load(std::memory_order_relaxed) == 0 || waiting_.size() >= kEnough ||
         now - oldest_ >= kCompany;
}

void JobQueue::begin_turn() noexcept {
  turn_of = this;
  turns_.fetch_add(1, std::memory_order_relaxed);
}

void JobQueue::end_turn() {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);  // so that the taker does not miss it between its look and its wait
    turns_.fetch_sub(1, std::memory_order_relaxed);
    wake = !waiting_.empty() && std::exchange(taker_waits_, false);
  }
  turn_of = nullptr;
  if (wake) wake_.notify_one();
}

JobQueue::Taken JobQueue::take(std::vector<Job>& into, std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  const Time patience = std::chrono::steady_clock::now() + wait;
  while (!closed_ && !poked_) {
    const Time now = std::chrono::steady_clock::now();
    const bool any = !waiting_.empty();
    if (any ? is_due(now) : now >= patience) break;
    taker_waits_ = true;
    wake_.wait_until(lock, any ? oldest_ + kCompany : patience);
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
