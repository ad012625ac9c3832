#pragma once
// What waits for one destination, as far as it is in memory: a window on the head of the outbox, by lane.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "gateway/delivery/outbox_entry.h"

namespace lienthong::delivery {

// One thread. A lane is handed out to one delivery at a time, so a patient's order is kept.
class LaneQueue {
 public:
  static constexpr std::size_t kWindow = 20'000;

  bool has_room() const noexcept { return size_ < kWindow; }
  std::size_t size() const noexcept { return size_; }
  // Nothing can be handed out now (all is in flight, or nothing waits).
  bool idle() const noexcept { return ready_.empty(); }

  // Adds at the lane's end. An entry that is in the window already is ignored.
  void push(const OutboxEntry& entry);
  // The next free lane, oldest first; it is in flight from now on.
  std::optional<Lane> take_lane();
  // All entries of a lane in flight that are in memory; they stay until removed.
  const std::deque<OutboxEntry>& entries(Lane lane) const;
  // Takes the entry out (delivered, buried or gone).
  void remove(Lane lane, std::int64_t entry);
  // The lane may be handed out again; it goes to the end of the line if something waits in it.
  void release(Lane lane);

 private:
  void line_up(std::int64_t lane);

  std::unordered_map<std::int64_t, std::deque<OutboxEntry>> lanes_;
  std::unordered_set<std::int64_t> known_;  // entries in the window
  std::unordered_set<std::int64_t> in_flight_;
  std::deque<std::int64_t> ready_;
  std::size_t size_ = 0;
};

}  // namespace lienthong::delivery
