#pragma once
// Internal to net: what one io thread waits for (epoll), without a system call for each wait.

#include <chrono>
#include <memory>
#include <vector>

#include "gateway/net/unique_fd.h"

namespace lienthong::net {

// Told when a socket can be read or written. Held by the reactor while it waits.
class SocketOwner {
 public:
  virtual ~SocketOwner() = default;
  virtual void on_readable() = 0;
  virtual void on_writable() = 0;
};

// Every descriptor is registered once, for both directions and edge-triggered (epoll(7)): the kernel tells of
// each arrival once, whether anybody waits or not, so what came meanwhile is remembered here. All on the
// reactor's thread, except wake().
class Reactor {
 public:
  // A descriptor's place in the reactor.
  struct Watch {
    std::shared_ptr<SocketOwner> reader;
    std::shared_ptr<SocketOwner> writer;
    bool readable = false;  // told of, not yet passed on
    bool writable = false;
    bool ended = false;   // the peer sends no more: always readable from now on
    bool queued = false;  // in ready_
    bool closed = false;
  };

  // Throws std::system_error when the operating system gives no epoll (a broken set-up at start).
  Reactor();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // Null when the operating system watches no more descriptors.
  std::unique_ptr<Watch> watch(int fd);
  // Before the descriptor is closed. Who waited is let go of at the end of the turn, not during the call.
  void forget(std::unique_ptr<Watch> watch, int fd) noexcept;
  // Called back when bytes came since the last call back, also before this wait.
  void wait_readable(Watch& watch, std::shared_ptr<SocketOwner> owner);
  // Only after a write (or connect) that would have had to wait.
  void wait_writable(Watch& watch, std::shared_ptr<SocketOwner> owner);

  // Calls the owners of what is ready, after `begin`, and `after_each` behind every call; waits up to `limit`
  // when nothing is. False when nothing was.
  template <class Begin, class After>
  bool turn(std::chrono::milliseconds limit, Begin begin, After after_each) {
    collect(limit);
    const bool any = !turn_.empty();
    if (any) begin();
    for (Watch* watch : turn_) {
      watch->queued = false;
      if (tell_reader(*watch)) after_each();
      if (tell_writer(*watch)) after_each();
    }
    turn_.clear();
    bury();
    return any;
  }
  // Ends the wait of turn(). Any thread.
  void wake() noexcept;
  // Lets go of those that were forgotten.
  void bury() noexcept;

 private:
  void collect(std::chrono::milliseconds limit);
  static bool tell_reader(Watch& watch);
  static bool tell_writer(Watch& watch);
  void queue(Watch& watch);

  UniqueFd epoll_;
  UniqueFd wake_;
  std::vector<Watch*> ready_;  // for the next turn
  std::vector<Watch*> turn_;   // of this turn
  std::vector<std::unique_ptr<Watch>> forgotten_;
};

}  // namespace lienthong::net
