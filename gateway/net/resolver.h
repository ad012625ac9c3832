#pragma once
// Internal to net: names to addresses, on a thread of its own (getaddrinfo(3) waits).

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/base/move_function.h"
#include "gateway/base/result.h"
#include "gateway/net/socket_address.h"

namespace lienthong::net {

// The addresses of the endpoint's name, in the system's order. Waits. Errors: Unavailable (LT-6006).
Result<std::vector<SocketAddress>> resolve_now(const Endpoint& endpoint);

// Its thread starts with the first name. Io thread only.
class Resolver {
 public:
  using Resolved = MoveFunction<void(Result<std::vector<SocketAddress>>)>;
  using Post = std::function<void(MoveFunction<void()>)>;

  // `post` brings the answers to where they are waited for; any thread may call it.
  explicit Resolver(Post post) : post_(std::move(post)) {}
  ~Resolver();

  void resolve(const Endpoint& endpoint, Resolved resolved);
  // Ends the thread; what still waits is not answered. Waits for the name in hand.
  void stop();

 private:
  struct Question {
    Endpoint endpoint;
    Resolved resolved;
  };
  void run();

  Post post_;
  std::mutex mutex_;
  std::condition_variable asked_;
  std::deque<Question> questions_;  // guarded by mutex_
  bool stopped_ = false;            // guarded by mutex_
  std::thread thread_;
};

}  // namespace lienthong::net
