#include "gateway/net/byte_budget.h"

namespace lienthong::net {

bool ByteBudget::try_acquire(std::size_t bytes) noexcept {
  std::size_t used = used_.load(std::memory_order_relaxed);
  do {
    if (bytes > limit_ || used > limit_ - bytes) return false;
  } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
  return true;
}

bool ByteLease::grow_to(std::size_t bytes) noexcept {
  if (bytes <= bytes_) return true;
  if (budget_ != nullptr && !budget_->try_acquire(bytes - bytes_)) return false;
  bytes_ = bytes;
  return true;
}

void ByteLease::clear() noexcept {
  if (budget_ != nullptr && bytes_ > 0) budget_->release(bytes_);
  bytes_ = 0;
}

}  // namespace lienthong::net
