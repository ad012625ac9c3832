#include "gateway/delivery/lane_queue.h"

namespace lienthong::delivery {

void LaneQueue::push(const OutboxEntry& entry) {
  if (!known_.insert(entry.entry).second) return;
  auto& waiting = lanes_[entry.lane.value];
  if (waiting.empty() && in_flight_.count(entry.lane.value) == 0) line_up(entry.lane.value);
  waiting.push_back(entry);
  ++size_;
}

std::optional<Lane> LaneQueue::take_lane() {
  if (ready_.empty()) return std::nullopt;
  const auto lane = ready_.front();
  ready_.pop_front();
  in_flight_.insert(lane);
  return Lane{lane};
}

const std::deque<OutboxEntry>& LaneQueue::entries(Lane lane) const {
  static const std::deque<OutboxEntry> kNone;
  const auto found = lanes_.find(lane.value);
  return found == lanes_.end() ? kNone : found->second;
}

void LaneQueue::remove(Lane lane, std::int64_t entry) {
  if (known_.erase(entry) == 0) return;
  const auto found = lanes_.find(lane.value);
  if (found == lanes_.end()) return;
  auto& waiting = found->second;
  if (!waiting.empty() && waiting.front().entry == entry) {
    waiting.pop_front();  // the usual case
    --size_;
  } else {
    size_ -= std::erase_if(waiting, [entry](const auto& one) { return one.entry == entry; });
  }
  if (found->second.empty() && in_flight_.count(lane.value) == 0) lanes_.erase(found);
}

void LaneQueue::release(Lane lane) {
  if (in_flight_.erase(lane.value) == 0) return;
  const auto found = lanes_.find(lane.value);
  if (found == lanes_.end()) return;
  if (found->second.empty()) {
    lanes_.erase(found);
  } else {
    line_up(lane.value);
  }
}

// What is shared goes ahead: others refer to it.
void LaneQueue::line_up(std::int64_t lane) {
  if (lane == kSharedLane.value) {
    ready_.push_front(lane);
  } else {
    ready_.push_back(lane);
  }
}

}  // namespace lienthong::delivery
