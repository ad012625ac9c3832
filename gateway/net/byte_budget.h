#pragma once
// One process-wide count of bytes in flight (architecture rule 7: queues are bounded, memory stays flat).

#include <atomic>
#include <cstddef>
#include <utility>

namespace lienthong::net {

// Any thread. Must outlive its leases.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t limit) noexcept : limit_(limit) {}
  ByteBudget(const ByteBudget&) = delete;
  ByteBudget& operator=(const ByteBudget&) = delete;

  // False when `bytes` more would exceed the limit; nothing is taken then.
  bool try_acquire(std::size_t bytes) noexcept;
  void release(std::size_t bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
  std::size_t limit() const noexcept { return limit_; }

 private:
  std::atomic<std::size_t> used_{0};
  const std::size_t limit_;
};

// Bytes taken from a budget, given back when it is destroyed. Movable. A lease without a budget always grows.
class ByteLease {
 public:
  ByteLease() = default;
  explicit ByteLease(ByteBudget* budget) noexcept : budget_(budget) {}
  ByteLease(ByteLease&& other) noexcept
      : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  ByteLease& operator=(ByteLease&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~ByteLease() { clear(); }

  // Takes what is missing to hold `bytes` in all. False, and nothing changed, when the budget has not enough.
  bool grow_to(std::size_t bytes) noexcept;
  void clear() noexcept;
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  ByteBudget* budget_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace lienthong::net
