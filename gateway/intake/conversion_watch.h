#pragma once
// Notices a message that its conversion does not come back from. Source: docs/architecture.md rule 5.

#include <chrono>
#include <functional>
#include <vector>

#include "gateway/base/ticker.h"
#include "gateway/journal/in_hand_slots.h"

namespace lienthong::intake {

// A thread of its own. Counts its own ticks, so a machine that slept or a program that was held does not look
// like a conversion that hangs.
class ConversionWatch {
 public:
  // `on_hang` is called once, on the watch's thread, with the slot whose message has been in hand for
  // `limit` without getting on (InHandSlots::advance). The message still stands in its slot: when the program
  // ends, the next start finds it (semantics 22).
  ConversionWatch(const journal::InHandSlots& slots, std::chrono::milliseconds limit,
                  std::function<void(std::size_t slot)> on_hang);

 private:
  static constexpr unsigned kTicks = 20;  // in a limit
  struct Seen {
    std::uint64_t turn = 0;
    unsigned ticks = 0;
  };

  void look();

  const journal::InHandSlots& slots_;
  const std::function<void(std::size_t)> on_hang_;
  std::vector<Seen> seen_;
  bool has_called_ = false;
  Ticker ticker_;
};

}  // namespace lienthong::intake
