#include "gateway/net/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <cstring>
#include <utility>

#include "gateway/base/named_thread.h"
#include "gateway/net/net_errors.h"

namespace lienthong::net {

Result<std::vector<SocketAddress>> resolve_now(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int error =
      ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &list);
  if (error != 0) {
    return fail(Category::Unavailable, kUnreachable,
                "the name " + endpoint.host + " is not known: " + gai_strerror(error));
  }
  std::vector<SocketAddress> out;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    SocketAddress address;
    if (entry->ai_addrlen > address.bytes.size()) continue;
    address.size = entry->ai_addrlen;
    std::memcpy(address.bytes.data(), entry->ai_addr, entry->ai_addrlen);
    out.push_back(address);
  }
  ::freeaddrinfo(list);
  return out;
}

Resolver::~Resolver() {
  stop();
}

void Resolver::resolve(const Endpoint& endpoint, Resolved resolved) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    questions_.push_back({endpoint, std::move(resolved)});
  }
  if (!thread_.joinable()) thread_ = named_thread("lt-resolve", [this] { run(); });
  asked_.notify_one();
}

void Resolver::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  asked_.notify_one();
  if (thread_.joinable()) thread_.join();
  questions_.clear();
}

void Resolver::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    asked_.wait(lock, [this] { return stopped_ || !questions_.empty(); });
    if (stopped_) return;
    Question question = std::move(questions_.front());
    questions_.pop_front();
    lock.unlock();
    post_([found = resolve_now(question.endpoint), resolved = std::move(question.resolved)]() mutable {
      resolved(std::move(found));
    });
    lock.lock();
  }
}

}  // namespace lienthong::net
