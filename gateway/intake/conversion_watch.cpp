#include "gateway/intake/conversion_watch.h"

#include <utility>

namespace lienthong::intake {

ConversionWatch::ConversionWatch(const journal::InHandSlots& slots, std::chrono::milliseconds limit,
                                 std::function<void(std::size_t)> on_hang)
    : slots_(slots),
      on_hang_(std::move(on_hang)),
      seen_(slots.slots()),
      ticker_("lt-hang-watch", limit / kTicks, [this] { look(); }, Ticker::First::AfterOneInterval) {}

void ConversionWatch::look() {
  for (std::size_t slot = 0; slot < seen_.size() && !has_called_; ++slot) {
    auto& seen = seen_[slot];
    const auto turn = slots_.turn(slot);
    const bool same = turn % 2 == 1 && turn == seen.turn;
    seen = {turn, same ? seen.ticks + 1 : 0};
    has_called_ = seen.ticks >= kTicks;
    if (has_called_) on_hang_(slot);
  }
}

}  // namespace lienthong::intake
