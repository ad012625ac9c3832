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
    if (turn_of != this || is_due(now)) wake = std::exchange(writer_waits_, false);
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

bool JobQueue::end_turn() {
  turn_of = nullptr;
  bool alone = false;
  {
    const std::lock_guard lock(mutex_);  // so that the writer does not miss it between its look and its wait
    const bool last = turns_.fetch_sub(1, std::memory_order_relaxed) == 1;
    if (waiting_.empty() || !writer_waits_) return false;
    alone = last && waiting_.size() == 1 && waiting_.front().brief && !closed_ && !poked_;
    if (!alone) writer_waits_ = false;
  }
  if (!alone) wake_.notify_one();
  return alone;
}

void JobQueue::wake_writer() {
  wake_.notify_one();
}

JobQueue::Waited JobQueue::wait(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const Time end = std::chrono::steady_clock::now() + patience;
  while (!closed_ && !poked_) {
    const Time now = std::chrono::steady_clock::now();
    const bool any = !waiting_.empty();
    if (any ? is_due(now) : now >= end) break;
    writer_waits_ = true;
    wake_.wait_until(lock, any ? oldest_ + kCompany : end);
    writer_waits_ = false;
  }
  poked_ = false;
  if (!waiting_.empty()) return Waited::Jobs;
  return closed_ ? Waited::Closed : Waited::Nothing;
}

void JobQueue::take_all(std::vector<Job>& into) {
  const std::lock_guard lock(mutex_);
  into.swap(waiting_);
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
