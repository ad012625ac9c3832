#include "gateway/store/writer.h"

#include <algorithm>
#include <utility>

#include "gateway/base/named_thread.h"
#include "gateway/store/error_numbers.h"

namespace lienthong::store {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kIdle{1'000};
constexpr std::chrono::milliseconds kWalRetry{100};
constexpr std::chrono::milliseconds kLongForACaller{2};
constexpr int kRestOfACaller = 20;               // times what a long commit took
constexpr std::uint64_t kPageBytes = 4096 + 24;  // a page and its WAL frame's header
constexpr std::int64_t kFreePagesWorthIt = 2'048;
constexpr std::int64_t kVacuumSlice = 256;  // pages: below the 20 ms of a slice

const Sql kProbe("INSERT INTO value(key, value) VALUES ('store.probe', zeroblob(262144))");
const Sql kForgetProbe("DELETE FROM value WHERE key='store.probe'");
const Sql kFreePages("PRAGMA freelist_count");
const Sql kPages("PRAGMA page_count");

}  // namespace

Writer::Writer(const StoreOptions& options, std::unique_ptr<GroupTransaction> transaction,
               std::unique_ptr<Connection> side)
    : options_(options),
      queue_(options.queue_jobs, options.queue_bytes),
      transaction_(std::move(transaction)),
      checkpointer_(std::move(side), *transaction_, options.checkpoint_every, [this](const Error& error) {
        {
          const std::lock_guard lock(failure_mutex_);
          side_failure_ = error;
        }
        side_failed_ = true;
        queue_.poke();
      }) {
  thread_ = named_thread("lt-writer", [this] { run(); });
}

Writer::~Writer() {
  stop();
}

void Writer::stop() {
  std::call_once(stopped_, [this] {
    queue_.close();
    if (thread_.joinable()) thread_.join();
    const std::lock_guard writer(writing_);  // a caller of end_turn() may still be at it
    checkpointer_.stop();
    StoreState ready = state();
    if (ready != StoreState::Failed) state_ = StoreState::Stopped;
  });
}

void Writer::add_hook(BatchHook* hook) {
  hooks_.push_back(hook);
}

StoreCounters Writer::counters() const noexcept {
  return {commits_.load(),        done_jobs_.load(),   failed_jobs_.load(),      rolled_back_.load(),
          checkpointer_.rounds(), truncations_.load(), transaction_->wal_pages()};
}

Error Writer::refusal() const {
  if (state() == StoreState::Full) {
    return {Category::Busy, kDiskFull, "The disk that holds the store is full."};
  }
  return {Category::Fault, kStoreFailed, "The store's disk failed; the program must be started again."};
}

Result<void> Writer::submit(Job&& job) {
  const StoreState now = state();
  if (now == StoreState::Full || now == StoreState::Failed) return Failure(refusal());
  return queue_.push(std::move(job));
}

void Writer::run() {
  for (;;) {
    const JobQueue::Waited waited = queue_.wait(wait_time());
    if (waited == JobQueue::Waited::Closed) return;
    const std::lock_guard writer(writing_);
    if (side_failed_.exchange(false)) {
      const std::lock_guard lock(failure_mutex_);
      fail_for_good(*side_failure_);
    }
    if (state() == StoreState::Full) try_to_resume();
    if (waited == JobQueue::Waited::Jobs) take_and_commit();
    if (waited == JobQueue::Waited::Nothing && state() == StoreState::Ready) idle_work();
  }
}

std::chrono::milliseconds Writer::wait_time() const noexcept {
  return state() == StoreState::Full ? std::min(kIdle, options_.full_retry) : kIdle;
}

// A caller is not kept waiting for a writer that works, nor by a slow disk for more than a twentieth of its
// time.
void Writer::end_turn() {
  if (!queue_.end_turn()) return;
  const std::unique_lock writer(writing_, std::try_to_lock);
  const steady_clock::time_point begin = steady_clock::now();
  if (!writer.owns_lock() || state() != StoreState::Ready || begin < own_thread_until_) {
    return queue_.wake_writer();
  }
  take_and_commit();
  const steady_clock::time_point end = steady_clock::now();
  if (end - begin > kLongForACaller) own_thread_until_ = end + kRestOfACaller * (end - begin);
}

void Writer::take_and_commit() {
  queue_.take_all(jobs_);
  std::size_t next = 0;
  while (next < jobs_.size() && state() == StoreState::Ready) {
    next = commit_group(next);
    keep_wal_short();
  }
  if (next < jobs_.size()) refuse_from(next);
  jobs_.clear();
}

void Writer::refuse_from(std::size_t first) {
  results_.assign(jobs_.size() - first, Failure(refusal()));
  deliver(first);
}

std::size_t Writer::commit_group(std::size_t first) {
  const std::size_t last = std::min(jobs_.size(), first + options_.batch_jobs);
  results_.clear();
  if (const Result<void> begun = begin(); !begun) {
    note_damage();
    results_.assign(last - first, Failure(begun.error()));
    deliver(first);
    return last;
  }
  group_until_ = steady_clock::now() + options_.slice;
  std::size_t next = first;
  do {
    next = jobs_[next].repeatable ? run_together(next, last) : run_alone(next);
  } while (group_goes_on(next, last));
  const Result<void> committed = finish_group();
  if (!committed) results_.assign(next - first, Failure(committed.error()));
  note_damage();
  deliver(first);
  if (committed) {
    for (BatchHook* hook : hooks_) hook->after_commit();
  }
  return next;
}

bool Writer::group_goes_on(std::size_t next, std::size_t last) const noexcept {
  return next < last && transaction_->damage() == GroupTransaction::Damage::None &&
         steady_clock::now() < group_until_;
}

// Another program (a person with the sqlite3 shell) may hold the write lock: that never fails a job, it
// waits.
Result<void> Writer::begin() {
  for (;;) {
    Result<void> begun = transaction_->begin();
    if (begun || begun.error().number != kStoreInUse || queue_.closed()) return begun;
  }
}

Result<void> Writer::open_savepoint() {
  if (Result<void> saved = transaction_->savepoint(); !saved) return saved;
  for (BatchHook* hook : hooks_) hook->before_job();
  return {};
}

void Writer::undo_savepoint() {
  for (BatchHook* hook : hooks_) hook->job_rolled_back();
  // If it cannot be undone alone (a full disk), the group's commit is not tried: damage() says so.
  if (transaction_->alive()) static_cast<void>(transaction_->undo());
}

std::size_t Writer::run_alone(std::size_t next) {
  if (Result<void> saved = open_savepoint(); !saved) {
    results_.push_back(std::move(saved));
    return next + 1;
  }
  Result<void> done = jobs_[next].work(*transaction_);
  if (done) done = transaction_->release();
  if (!done) undo_savepoint();
  results_.push_back(std::move(done));
  return next + 1;
}

std::size_t Writer::run_together(std::size_t next, std::size_t last) {
  const std::size_t begin = next;
  Result<void> good = open_savepoint();
  if (!good) {
    results_.push_back(std::move(good));
    return next + 1;
  }
  do {
    good = jobs_[next++].work(*transaction_);
  } while (good && group_goes_on(next, last) && jobs_[next].repeatable);
  if (good) good = transaction_->release();
  if (good) {
    results_.resize(results_.size() + (next - begin));
    return next;
  }
  undo_savepoint();
  if (transaction_->damage() != GroupTransaction::Damage::None || next - begin == 1) {
    results_.resize(results_.size() + (next - begin), Result<void>(Failure(good.error())));
    return next;
  }
  for (std::size_t again = begin; again < next;) again = run_alone(again);
  return next;
}

Result<void> Writer::finish_group() {
  Result<void> result;
  for (BatchHook* hook : hooks_) {
    if (result && transaction_->damage() == GroupTransaction::Damage::None) {
      result = hook->before_commit(*transaction_);
    }
  }
  if (result && transaction_->damage() == GroupTransaction::Damage::None) result = transaction_->commit();
  if (transaction_->damage() != GroupTransaction::Damage::None)
    result = Failure(transaction_->damage_error());
  if (!result) {
    roll_back();
    return result;
  }
  commits_.fetch_add(1, std::memory_order_relaxed);
  return result;
}

void Writer::roll_back() {
  transaction_->rollback();
  for (BatchHook* hook : hooks_) hook->after_rollback();
  rolled_back_.fetch_add(1, std::memory_order_relaxed);
}

void Writer::note_damage() {
  switch (transaction_->damage()) {
    case GroupTransaction::Damage::None:
      return;
    case GroupTransaction::Damage::Full:
      note_full();
      next_probe_ = steady_clock::now() + options_.full_retry;
      return;
    case GroupTransaction::Damage::Failed:
      fail_for_good(transaction_->damage_error());
      return;
  }
}

void Writer::note_full() {
  StoreState ready = StoreState::Ready;
  if (!state_.compare_exchange_strong(ready, StoreState::Full, std::memory_order_acq_rel)) return;
  if (options_.on_full) options_.on_full(true);
}

void Writer::fail_for_good(const Error& error) {
  if (state_.exchange(StoreState::Failed, std::memory_order_acq_rel) == StoreState::Failed) return;
  if (options_.on_fatal) options_.on_fatal(error);
}

void Writer::deliver(std::size_t first) {
  std::size_t bytes = 0;
  std::size_t failed = 0;
  for (std::size_t i = 0; i < results_.size(); ++i) {
    bytes += jobs_[first + i].bytes;
    if (!results_[i]) ++failed;
  }
  done_jobs_.fetch_add(results_.size() - failed, std::memory_order_relaxed);
  failed_jobs_.fetch_add(failed, std::memory_order_relaxed);
  queue_.finished(results_.size(), bytes);  // before the completions: they may submit the next one
  group_by_executor(first);
  for (ForExecutor& post : posts_) {
    if (!post.completed.empty()) post.executor->post(std::exchange(post.completed, {}));
  }
}

// Those without an executor are called here; the others are gathered: few executors, one an io thread.
void Writer::group_by_executor(std::size_t first) {
  for (std::size_t i = 0; i < results_.size(); ++i) {
    Job& job = jobs_[first + i];
    if (!job.completion) continue;
    if (job.executor == nullptr) {
      job.completion(std::move(results_[i]));
      continue;
    }
    auto post = std::find_if(posts_.begin(), posts_.end(),
                             [&job](const ForExecutor& each) { return each.executor == job.executor; });
    if (post == posts_.end()) post = posts_.insert(posts_.end(), ForExecutor{job.executor, {}});
    post->completed.push_back({std::move(job.completion), std::move(results_[i])});
  }
}

void Writer::keep_wal_short() {
  checkpointer_.begin_wal_again();
  limit_wal();
  // Full here means the database could not grow; the WAL still takes commits until it cannot.
  if (transaction_->damage() == GroupTransaction::Damage::Failed) note_damage();
}

void Writer::limit_wal() {
  if (transaction_->wal_pages() * kPageBytes <= options_.wal_limit_bytes) return;
  const steady_clock::time_point now = steady_clock::now();
  if (now < next_wal_try_ || state() != StoreState::Ready) return;
  if (checkpointer_.empty_wal(Checkpointer::Space::Keep)) {
    truncations_.fetch_add(1, std::memory_order_relaxed);
  } else {
    next_wal_try_ = now + kWalRetry;
  }
}

void Writer::try_to_resume() {
  if (steady_clock::now() < next_probe_) return;
  next_probe_ = steady_clock::now() + options_.full_retry;
  static_cast<void>(
      checkpointer_.empty_wal(Checkpointer::Space::GiveBack));  // the WAL itself may be what fills the disk
  if (write_probe()) {
    StoreState full = StoreState::Full;
    const bool again = state_.compare_exchange_strong(full, StoreState::Ready);
    if (again && options_.on_full) options_.on_full(false);
  } else {
    transaction_->rollback();
    note_damage();
  }
}

// Writes and removes as much as a group of messages takes.
Result<void> Writer::write_probe() {
  Result<void> done = transaction_->begin();
  if (done) done = transaction_->run(kForgetProbe);
  if (done) done = transaction_->run(kProbe);
  if (done) done = transaction_->commit();
  if (done) done = transaction_->begin();
  if (done) done = transaction_->run(kForgetProbe);
  if (done) done = transaction_->commit();
  return done;
}

void Writer::idle_work() {
  std::int64_t free_pages = 0;
  std::int64_t pages = 0;
  {
    Statement free_count = transaction_->statement(kFreePages);
    if (free_count.step().value_or(false)) free_pages = free_count.integer(0);
    Statement page_count = transaction_->statement(kPages);
    if (page_count.step().value_or(false)) pages = page_count.integer(0);
  }
  // Free pages are used again by the next messages; only a large rest is given back to the disk.
  if (free_pages < kFreePagesWorthIt || free_pages < pages / 10) return;
  for (std::int64_t given = 0; given < free_pages / 2 && queue_.depth() == 0; given += kVacuumSlice) {
    if (!transaction_->execute("PRAGMA incremental_vacuum(256)")) break;
  }
}

}  // namespace lienthong::store
