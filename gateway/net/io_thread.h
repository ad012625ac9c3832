#pragma once
// Internal to net: one io thread, its reactor, its connections and its mailbox.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/net/io_threads.h"
#include "gateway/net/limits.h"
#include "gateway/net/reactor.h"
#include "gateway/net/resolver.h"
#include "gateway/net/socket_address.h"
#include "gateway/net/unique_fd.h"

namespace lienthong::net {

class Connection;

// Something besides connections that the end of a thread concerns: a listener, a client's pool.
class Drainable {
 public:
  virtual ~Drainable() = default;
  virtual void begin_drain() = 0;  // the program stops: take nothing new
  virtual void cut_off() = 0;      // the last moment: fail what is open
};

// A file descriptor in the reactor of one thread; closes it. Io thread only.
class Socket {
 public:
  Socket(IoThread& thread, UniqueFd fd);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const noexcept { return fd_.get(); }
  // False when the operating system watches no more descriptors; then only destroy it.
  bool watched() const noexcept { return watch_ != nullptr; }
  // One wait of each kind at a time. Dropped without a call when the socket is closed. No buffer is owned
  // meanwhile. The first: after everything was read, or note_unread(); the second: after a write that found
  // no room.
  void wait_readable(std::shared_ptr<SocketOwner> owner);
  void wait_writable(std::shared_ptr<SocketOwner> owner);
  // Reading stopped before there was nothing left: the next wait_readable() is answered at once.
  void note_unread() noexcept {
    if (watch_) watch_->readable = true;
  }

 private:
  Reactor& reactor_;
  UniqueFd fd_;
  std::unique_ptr<Reactor::Watch> watch_;
};

class IoThread : public std::enable_shared_from_this<IoThread> {
 public:
  static constexpr std::size_t kReadBuffer = std::size_t{64} << 10;
  using Resolved = Resolver::Resolved;

  IoThread(unsigned index, std::chrono::milliseconds sweep_every);
  ~IoThread();
  void start();

  // Any thread.
  bool post(std::vector<Callback>&& batch);
  bool post(Callback callback);
  unsigned index() const noexcept { return index_; }
  bool is_current() const noexcept;
  static IoThread* current() noexcept;
  std::size_t connections() const noexcept { return load_.load(std::memory_order_relaxed); }
  void count_connection(int by) noexcept {
    load_.fetch_add(static_cast<std::size_t>(by), std::memory_order_relaxed);
  }

  // This thread only.
  void add(std::shared_ptr<Connection> connection);
  void remove(Connection& connection) noexcept;
  void flush_later(std::shared_ptr<Connection> connection) { unflushed_.push_back(std::move(connection)); }
  void run_after(std::chrono::milliseconds after, Callback callback);
  void add_drainable(std::shared_ptr<Drainable> drainable);
  void remove_drainable(const Drainable* drainable) noexcept;
  // Resolves on a thread of its own; the callback runs here.
  void resolve(const std::string& host, std::uint16_t port, Resolved resolved);
  bool draining() const noexcept { return draining_; }
  // kReadBuffer bytes and kPadding behind them, shared by all connections of the thread.
  char* read_buffer() noexcept { return read_buffer_.get(); }
  // Sends what was written since; after every event.
  void flush();

  // As IoThreads::watch_turns; before the thread has connections.
  void watch_turns(TurnWatch watch) { turns_ = std::move(watch); }

  // The steps of IoThreads::stop, from the stopping thread.
  void begin_drain();
  std::size_t cut_off();
  void join();

 private:
  friend class Socket;
  struct Timer {
    Steady::time_point due;
    Callback callback;
  };

  void run();
  void run_to_the_end();
  bool run_mailbox();
  bool look_at_sockets(std::chrono::milliseconds limit);
  bool sleep();
  void begin_turn();
  void end_turn();
  void sweep_if_due();
  void sweep();
  void wait_for(Callback callback);

  const unsigned index_;
  const std::chrono::milliseconds sweep_every_;
  std::atomic<std::size_t> load_{0};
  std::mutex mutex_;
  std::vector<Callback> mailbox_;  // guarded by mutex_
  bool asleep_ = false;            // guarded by mutex_: waits, and nobody has woken it yet
  bool stopped_ = false;           // guarded by mutex_
  bool draining_ = false;
  bool in_turn_ = false;
  TurnWatch turns_;
  Steady::time_point next_sweep_{};
  std::unique_ptr<char[]> read_buffer_;
  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<std::shared_ptr<Connection>> unflushed_;
  std::vector<std::shared_ptr<Drainable>> drainables_;
  std::vector<Timer> timers_;
  Reactor reactor_;
  Resolver resolver_;
  std::thread running_;
};

}  // namespace lienthong::net
