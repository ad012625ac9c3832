#pragma once
// The threads on which sockets live. A connection stays on one of them for life, so nothing of it needs a
// lock (architecture rule 4: no strands, no per-operation timers).

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

#include "gateway/base/move_function.h"

namespace lienthong::net {

class IoThread;  // internal: io_thread.h

// What is run on an io thread: a completion, a timer, a message from another thread.
using Callback = MoveFunction<void()>;

struct IoThreadsOptions {
  unsigned count = 1;
  std::chrono::milliseconds sweep_every{
      500};  // the one timer of each thread: idle, head, handshake and other limits
};

// Told when an io thread begins to handle what is ready, and when nothing more is: it will wait now. On that
// thread; must be quick and must not throw.
struct TurnWatch {
  std::function<void()> begin;
  std::function<void()> end;
};

// Starts its threads when constructed; stops them (stop(0)) when destroyed. SIGPIPE and all signals meant for
// the main thread are blocked on them. Every server and client made on it must be destroyed before it.
class IoThreads {
 public:
  static constexpr unsigned kNone = std::numeric_limits<unsigned>::max();

  // Throws std::system_error when the operating system gives no thread or epoll (a broken set-up at start).
  explicit IoThreads(IoThreadsOptions options = {});
  explicit IoThreads(unsigned count) : IoThreads(IoThreadsOptions{count, std::chrono::milliseconds(500)}) {}
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  unsigned count() const noexcept { return static_cast<unsigned>(threads_.size()); }

  // Runs the callbacks on io thread `io_thread`, in order, after those posted before. Any thread. One wake-up
  // for a whole batch, none while the thread has not yet come to an earlier one. What a callback writes to a
  // connection is sent when the batch is done, so a batch of ACKs for one connection is one system call.
  // What was accepted is run. False, and destroyed unrun, after the end of stop().
  bool post(unsigned io_thread, Callback callback);
  bool post(unsigned io_thread, std::vector<Callback>&& batch);

  // Runs the callback once on io thread `io_thread` not before `after`; accuracy is sweep_every. Any thread.
  void post_after(unsigned io_thread, std::chrono::milliseconds after, Callback callback);

  // From now on; to be called once, before anything listens. What `watch` needs must live until stop()
  // returns.
  void watch_turns(const TurnWatch& watch);

  // The index of the io thread this is called on; kNone on any other thread.
  unsigned current() const noexcept;

  // Connections now open, over all threads or on one. Any thread.
  std::size_t connections() const noexcept;
  std::size_t connections(unsigned io_thread) const noexcept;

  // Graceful stop: listeners stop accepting, connections are told to drain (handlers: on_drain; HTTP: idle
  // ones are closed, the others answer with `Connection: close`), then up to `grace` is waited for the last
  // to end, then the rest is cancelled and the threads end. Not from an io thread. Whoever owes completions
  // must live until it returns. Returns how many connections had to be cut off. A second call returns 0.
  std::size_t stop(std::chrono::milliseconds grace = std::chrono::seconds(10));

  // Internal to net.
  const std::shared_ptr<IoThread>& thread(unsigned index) noexcept { return threads_[index]; }
  unsigned least_loaded() const noexcept;

 private:
  std::vector<std::shared_ptr<IoThread>> threads_;
  bool stopped_ = false;
};

}  // namespace lienthong::net
