#include "gateway/intake/conversion_watch.h"

#include <utility>

namespace lienthong::intake {

ConversionWatch::ConversionWatch(const journal::InHandSlots& slots, std::chrono::milliseconds limit,
                                 std::function<void(std::size_t)> on_hang)
    : slots_(slots), tick_(limit / kTicks), on_hang_(std::move(on_hang)), seen_(slots.slots()) {
  thread_ = std::thread([this] { run(); });
}

ConversionWatch::~ConversionWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void ConversionWatch::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    stop_.wait_for(lock, tick_, [this] { return stopping_; });
    if (!stopping_ && look()) return;
  }
}

// True when it has called.
bool ConversionWatch::look() {
  for (std::size_t slot = 0; slot < seen_.size(); ++slot) {
    auto& seen = seen_[slot];
    const auto turn = slots_.turn(slot);
    const bool same = turn % 2 == 1 && turn == seen.turn;
    seen = {turn, same ? seen.ticks + 1 : 0};
    if (seen.ticks < kTicks) continue;
    on_hang_(slot);
    return true;
  }
  return false;
}

}  // namespace lienthong::intake
