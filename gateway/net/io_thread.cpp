#include "gateway/net/io_thread.h"

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <string>
#include <utility>

#include "gateway/base/bytes.h"
#include "gateway/base/named_thread.h"
#include "gateway/net/connection.h"
#include "gateway/net/net_errors.h"

namespace lienthong::net {
namespace {
thread_local IoThread* current_thread = nullptr;
}

Socket::Socket(IoThread& thread, UniqueFd fd)
    : reactor_(thread.reactor_), fd_(std::move(fd)), watch_(reactor_.watch(fd_.get())) {}

Socket::~Socket() {
  if (watch_) reactor_.forget(std::move(watch_), fd_.get());
}

void Socket::wait_readable(std::shared_ptr<SocketOwner> owner) {
  reactor_.wait_readable(*watch_, std::move(owner));
}

void Socket::wait_writable(std::shared_ptr<SocketOwner> owner) {
  reactor_.wait_writable(*watch_, std::move(owner));
}

IoThread::IoThread(unsigned index, std::chrono::milliseconds sweep_every)
    : index_(index),
      sweep_every_(sweep_every),
      read_buffer_(std::make_unique<char[]>(kReadBuffer + kPadding)),
      resolver_([this](Callback callback) { post(std::move(callback)); }) {}

IoThread::~IoThread() = default;

void IoThread::start() {
  running_ = named_thread("lt-io-" + std::to_string(index_), [this] { run(); });
}

void IoThread::run() {
  current_thread = this;
  next_sweep_ = Steady::now() + sweep_every_;
  run_to_the_end();
  end_turn();
  current_thread = nullptr;
}

// A turn ends when a look at the sockets that does not wait finds nothing: under load that is rare, and
// between two messages of a single peer it costs one system call.
void IoThread::run_to_the_end() {
  do {
    bool busy = true;
    while (busy) {
      busy = run_mailbox();
      busy |= look_at_sockets(std::chrono::milliseconds(0));
      sweep_if_due();
    }
    end_turn();
  } while (sleep());
}

bool IoThread::look_at_sockets(std::chrono::milliseconds limit) {
  return reactor_.turn(limit, [this] { begin_turn(); }, [this] { flush(); });
}

IoThread* IoThread::current() noexcept {
  return current_thread;
}
bool IoThread::is_current() const noexcept {
  return current_thread == this;
}

bool IoThread::post(Callback callback) {
  std::vector<Callback> batch;
  batch.push_back(std::move(callback));
  return post(std::move(batch));
}

bool IoThread::post(std::vector<Callback>&& batch) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return false;
    if (mailbox_.empty()) {
      mailbox_.swap(batch);
    } else {
      std::move(batch.begin(), batch.end(), std::back_inserter(mailbox_));
    }
    wake = std::exchange(asleep_, false);
  }
  if (wake) reactor_.wake();
  return true;
}

bool IoThread::run_mailbox() {
  std::vector<Callback> batch;
  {
    const std::lock_guard lock(mutex_);
    batch.swap(mailbox_);
  }
  if (batch.empty()) return false;
  begin_turn();
  for (Callback& callback : batch) {
    callback();
    callback = nullptr;
  }
  flush();
  return true;
}

// Until something comes. False at the end: nothing more is accepted and what was accepted has been run.
bool IoThread::sleep() {
  {
    const std::lock_guard lock(mutex_);
    if (!mailbox_.empty()) return true;
    if (stopped_) return false;
    asleep_ = true;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(next_sweep_ - Steady::now());
  look_at_sockets(std::max(left, std::chrono::milliseconds(0)));
  const std::lock_guard lock(mutex_);
  asleep_ = false;
  return true;
}

void IoThread::begin_turn() {
  if (turns_.begin && !std::exchange(in_turn_, true)) turns_.begin();
}

void IoThread::end_turn() {
  if (std::exchange(in_turn_, false)) turns_.end();
}

void IoThread::flush() {
  // Flushing may end a connection, whose handler may write to another one: by index, until nothing is left.
  for (std::size_t i = 0; i < unflushed_.size(); ++i) {
    const std::shared_ptr<Connection> connection = std::move(unflushed_[i]);
    connection->flush();
  }
  unflushed_.clear();
}

void IoThread::add(std::shared_ptr<Connection> connection) {
  connection->set_position(connections_.size());
  connections_.push_back(std::move(connection));
}

void IoThread::remove(Connection& connection) noexcept {
  const std::size_t at = connection.position();
  if (at >= connections_.size() || connections_[at].get() != &connection) return;
  const std::shared_ptr<Connection> kept = std::move(connections_[at]);
  if (at + 1 < connections_.size()) {
    connections_[at] = std::move(connections_.back());
    connections_[at]->set_position(at);
  }
  connections_.pop_back();
}

void IoThread::add_drainable(std::shared_ptr<Drainable> drainable) {
  if (draining_) drainable->begin_drain();
  drainables_.push_back(std::move(drainable));
}

void IoThread::remove_drainable(const Drainable* drainable) noexcept {
  std::erase_if(drainables_, [&](const auto& held) { return held.get() == drainable; });
}

void IoThread::run_after(std::chrono::milliseconds after, Callback callback) {
  timers_.push_back({Steady::now() + after, std::move(callback)});
}

void IoThread::sweep_if_due() {
  const auto now = Steady::now();
  if (now < next_sweep_) return;
  next_sweep_ = now + sweep_every_;
  sweep();
  flush();
}

void IoThread::sweep() {
  const auto now = Steady::now();
  for (std::size_t i = connections_.size(); i-- > 0;) {  // backwards: a removed one is replaced by the last
    if (i >= connections_.size()) continue;
    const std::shared_ptr<Connection> connection = connections_[i];
    connection->sweep(now);
  }
  std::vector<Timer> due;
  const auto split =
      std::partition(timers_.begin(), timers_.end(), [&](const Timer& t) { return t.due > now; });
  std::move(split, timers_.end(), std::back_inserter(due));
  timers_.erase(split, timers_.end());
  for (Timer& timer : due) timer.callback();
}

void IoThread::resolve(const std::string& host, std::uint16_t port, Resolved resolved) {
  resolver_.resolve(Endpoint{host, port}, std::move(resolved));
}

// Runs the callback on the thread and waits for its end.
void IoThread::wait_for(Callback callback) {
  std::mutex mutex;
  std::condition_variable done;
  bool finished = false;
  const bool accepted = post([&] {
    callback();
    const std::lock_guard lock(mutex);
    finished = true;
    done.notify_one();
  });
  std::unique_lock lock(mutex);
  if (accepted) done.wait(lock, [&] { return finished; });
}

void IoThread::begin_drain() {
  wait_for([this] {
    draining_ = true;
    const auto drainables = drainables_;
    for (const auto& drainable : drainables) drainable->begin_drain();
    const auto connections = connections_;
    for (const auto& connection : connections) connection->drain();
  });
}

std::size_t IoThread::cut_off() {
  std::size_t count = 0;
  wait_for([&] {
    const auto connections = connections_;
    for (const auto& connection : connections) {
      if (!connection->is_lingering()) ++count;
      connection->end(CloseReason::Stopped);
    }
    const auto drainables = std::move(drainables_);
    for (const auto& drainable : drainables) drainable->cut_off();
  });
  return count;
}

void IoThread::join() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopped_, true)) return;
  }
  reactor_.wake();
  running_.join();
  resolver_.stop();
  timers_.clear();
  drainables_.clear();
  unflushed_.clear();
  // Whoever waited holds this thread: let go of them.
  reactor_.bury();
}

}  // namespace lienthong::net
