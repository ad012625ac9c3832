#include "gateway/net/io_thread.h"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <cstring>
#include <iterator>
#include <thread>

#include "gateway/base/bytes.h"
#include "gateway/net/connection.h"
#include "gateway/net/net_errors.h"

namespace lienthong::net {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using Descriptor = asio::posix::basic_stream_descriptor<Executor>;
using ErrorCode = boost::system::error_code;

namespace {
thread_local IoThread* current_thread = nullptr;
}

// Asio's parts, in their order of construction.
class IoThread::Reactor {
 public:
  Reactor() : context(1), work(context.get_executor()), sweep_timer(context), resolver(context) {}

  asio::io_context context;
  asio::executor_work_guard<Executor> work;
  asio::basic_waitable_timer<Steady, asio::wait_traits<Steady>, Executor> sweep_timer;
  asio::ip::basic_resolver<asio::ip::tcp, Executor> resolver;
  std::thread thread;
};

class Socket::Impl {
 public:
  Impl(IoThread& owner, UniqueFd fd) : thread(owner), descriptor(owner.reactor_->context) {
    ErrorCode error;
    descriptor.assign(fd.get(), error);
    if (!error) fd.release();  // the descriptor closes it from now on
  }
  IoThread& thread;
  Descriptor descriptor;
};

Socket::Socket(IoThread& thread, UniqueFd fd) : impl_(nullptr), fd_(fd.get()), watched_(false) {
  impl_ = std::make_unique<Impl>(thread, std::move(fd));
  watched_ = impl_->descriptor.is_open();
}
Socket::~Socket() = default;

void Socket::wait_readable(std::shared_ptr<SocketOwner> owner) {
  impl_->descriptor.async_wait(Descriptor::wait_read,
                               [owner = std::move(owner), &thread = impl_->thread](const ErrorCode& error) {
                                 if (error == asio::error::operation_aborted) return;
                                 owner->on_readable();
                                 thread.flush();
                               });
}

void Socket::wait_writable(std::shared_ptr<SocketOwner> owner) {
  impl_->descriptor.async_wait(Descriptor::wait_write,
                               [owner = std::move(owner), &thread = impl_->thread](const ErrorCode& error) {
                                 if (error == asio::error::operation_aborted) return;
                                 owner->on_writable();
                                 thread.flush();
                               });
}

IoThread::IoThread(unsigned index, std::chrono::milliseconds sweep_every)
    : index_(index),
      sweep_every_(sweep_every),
      read_buffer_(std::make_unique<char[]>(kReadBuffer + kPadding)),
      reactor_(std::make_unique<Reactor>()) {}

IoThread::~IoThread() = default;

void IoThread::start() {
  reactor_->thread = std::thread([this] { run(); });
}

void IoThread::run() {
  current_thread = this;
  arm_sweep();
  reactor_->context.run();
  current_thread = nullptr;
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
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return false;
    if (mailbox_.empty()) {
      mailbox_.swap(batch);
    } else {
      std::move(batch.begin(), batch.end(), std::back_inserter(mailbox_));
    }
    // Under the lock, because join() takes the reactor away.
    if (!std::exchange(woken_, true)) asio::post(reactor_->context, [this] { run_mailbox(); });
  }
  return true;
}

void IoThread::run_mailbox() {
  std::vector<Callback> batch;
  {
    const std::lock_guard lock(mutex_);
    batch.swap(mailbox_);
    woken_ = false;
  }
  for (Callback& callback : batch) {
    callback();
    callback = nullptr;
  }
  flush();
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

void IoThread::arm_sweep() {
  reactor_->sweep_timer.expires_after(sweep_every_);
  reactor_->sweep_timer.async_wait([this](const ErrorCode& error) {
    if (error) return;
    sweep();
    flush();
    arm_sweep();
  });
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
  using Results = asio::ip::tcp::resolver::results_type;
  reactor_->resolver.async_resolve(
      host, std::to_string(port), asio::ip::resolver_base::numeric_service,
      [this, host, resolved = std::move(resolved)](const ErrorCode& error, const Results& results) mutable {
        std::vector<SocketAddress> addresses;
        for (const auto& entry : results) {
          SocketAddress address;
          address.size = static_cast<std::uint32_t>(entry.endpoint().size());
          std::memcpy(address.bytes.data(), entry.endpoint().data(), address.size);
          addresses.push_back(address);
        }
        if (error || addresses.empty()) {
          resolved(fail(Category::Unavailable, kUnreachable,
                        "the name " + host + " is not known: " + error.message()));
        } else {
          resolved(std::move(addresses));
        }
        flush();
      });
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
    // What was accepted is run, since others wait for it; nothing more is accepted.
    asio::post(reactor_->context, [this] {
      run_mailbox();
      reactor_->context.stop();
    });
  }
  reactor_->thread.join();
  timers_.clear();
  drainables_.clear();
  // Cancelled waits hold their connections, and these hold this thread: let go of them.
  reactor_->context.restart();
  reactor_->context.poll();
  unflushed_.clear();
  reactor_.reset();
}

}  // namespace lienthong::net
