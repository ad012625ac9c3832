#include "gateway/net/io_threads.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <thread>

#include "gateway/net/io_thread.h"

namespace lienthong::net {
namespace {

// Signals are the main thread's; a thread inherits the mask of the one that starts it. SIGPIPE, which a write
// to a closed socket raises on the writing thread, is blocked with the others.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

IoThreads::IoThreads(IoThreadsOptions options) {
  const SignalsBlocked blocked;
  for (unsigned i = 0; i < std::max(options.count, 1U); ++i) {
    threads_.push_back(std::make_shared<IoThread>(i, options.sweep_every));
    threads_.back()->start();
  }
}

IoThreads::~IoThreads() {
  stop(std::chrono::milliseconds(0));
}

bool IoThreads::post(unsigned io_thread, Callback callback) {
  return threads_[io_thread]->post(std::move(callback));
}

bool IoThreads::post(unsigned io_thread, std::vector<Callback>&& batch) {
  return threads_[io_thread]->post(std::move(batch));
}

void IoThreads::post_after(unsigned io_thread, std::chrono::milliseconds after, Callback callback) {
  IoThread* thread = threads_[io_thread].get();
  thread->post([thread, after, callback = std::move(callback)]() mutable {
    thread->run_after(after, std::move(callback));
  });
}

void IoThreads::watch_turns(const TurnWatch& watch) {
  for (const auto& thread : threads_)
    thread->post([thread = thread.get(), watch] { thread->watch_turns(watch); });
}

unsigned IoThreads::current() const noexcept {
  const IoThread* thread = IoThread::current();
  const bool ours =
      thread != nullptr && thread->index() < threads_.size() && threads_[thread->index()].get() == thread;
  return ours ? thread->index() : kNone;
}

std::size_t IoThreads::connections() const noexcept {
  std::size_t sum = 0;
  for (const auto& thread : threads_) sum += thread->connections();
  return sum;
}

std::size_t IoThreads::connections(unsigned io_thread) const noexcept {
  return threads_[io_thread]->connections();
}

unsigned IoThreads::least_loaded() const noexcept {
  const auto least = std::min_element(threads_.begin(), threads_.end(), [](const auto& a, const auto& b) {
    return a->connections() < b->connections();
  });
  return (*least)->index();
}

std::size_t IoThreads::stop(std::chrono::milliseconds grace) {
  if (std::exchange(stopped_, true)) return 0;
  for (const auto& thread : threads_) thread->begin_drain();
  const auto deadline = Steady::now() + grace;
  while (connections() > 0 && Steady::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  std::size_t cut = 0;
  for (const auto& thread : threads_) cut += thread->cut_off();
  for (const auto& thread : threads_) thread->join();
  return cut;
}

}  // namespace lienthong::net
