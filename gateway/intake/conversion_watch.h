#pragma once
// Notices a message that its conversion does not come back from. Source: docs/architecture.md rule 5.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

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
  ~ConversionWatch();
  ConversionWatch(const ConversionWatch&) = delete;
  ConversionWatch& operator=(const ConversionWatch&) = delete;

 private:
  static constexpr unsigned kTicks = 20;  // in a limit
  struct Seen {
    std::uint64_t turn = 0;
    unsigned ticks = 0;
  };

  void run();
  bool look();

  const journal::InHandSlots& slots_;
  const std::chrono::milliseconds tick_;
  const std::function<void(std::size_t)> on_hang_;
  std::vector<Seen> seen_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace lienthong::intake
