#pragma once
// Internal to net: what a listener counts. Any thread.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

#include "gateway/net/endpoint.h"
#include "gateway/net/limits.h"

namespace lienthong::net {

class ListenerState {
 public:
  explicit ListenerState(ConnectionLimits limits) noexcept : limits_(limits) {}

  // False when a limit would be exceeded. Each true is owed one leave().
  bool enter(const AddressBytes& address, bool loopback) {
    const std::lock_guard lock(mutex_);
    if (open_ >= limits_.total) return false;
    std::size_t& of_address = by_address_[address];
    if (!loopback && of_address >= limits_.per_address) return false;
    ++of_address;
    ++open_;
    return true;
  }

  void leave(const AddressBytes& address) noexcept {
    const std::lock_guard lock(mutex_);
    --open_;
    const auto found = by_address_.find(address);
    if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
  }

  std::size_t open() const noexcept {
    const std::lock_guard lock(mutex_);
    return open_;
  }

  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused_address{0};
  std::atomic<std::uint64_t> refused_limit{0};
  std::atomic<std::uint64_t> failed_handshakes{0};
  std::atomic<std::uint64_t> timed_out{0};

 private:
  const ConnectionLimits limits_;
  mutable std::mutex mutex_;
  std::size_t open_ = 0;
  std::map<AddressBytes, std::size_t> by_address_;
};

}  // namespace lienthong::net
