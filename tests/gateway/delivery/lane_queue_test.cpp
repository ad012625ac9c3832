#include "gateway/delivery/lane_queue.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <vector>

using namespace lienthong;
using namespace lienthong::delivery;

namespace {
OutboxEntry entry(std::int64_t number, std::int64_t lane) {
  OutboxEntry made;
  made.entry = number;
  made.lane = Lane{lane};
  return made;
}
}  // namespace

TEST_CASE("A lane in flight is not handed out again until it is released") {
  LaneQueue queue;
  queue.push(entry(1, 7));
  queue.push(entry(2, 7));
  const auto lane = queue.take_lane();
  REQUIRE(lane == Lane{7});
  CHECK_FALSE(queue.take_lane().has_value());
  queue.push(entry(3, 7));
  CHECK_FALSE(queue.take_lane().has_value());
  queue.remove(*lane, 1);
  queue.release(*lane);
  REQUIRE(queue.take_lane() == Lane{7});
  CHECK(queue.entries(Lane{7}).front().entry == 2);
}

TEST_CASE("What is shared goes ahead of patients") {
  LaneQueue queue;
  queue.push(entry(1, 7));
  queue.push(entry(2, 0));
  CHECK(queue.take_lane() == kSharedLane);
  CHECK(queue.take_lane() == Lane{7});
}

TEST_CASE("An entry that is in the window already is taken once") {
  LaneQueue queue;
  queue.push(entry(1, 7));
  queue.push(entry(1, 7));
  CHECK(queue.size() == 1);
  queue.remove(Lane{7}, 1);
  CHECK(queue.size() == 0);
  queue.push(entry(1, 7));  // changed again: it may come back
  CHECK(queue.size() == 1);
}

TEST_CASE("Whatever the order of calls, each lane's entries come in their order and none is lost") {
  std::mt19937 random(4711);
  for (int round = 0; round < 50; ++round) {
    LaneQueue queue;
    std::map<std::int64_t, std::int64_t> last;
    std::vector<Lane> in_flight;
    std::int64_t next = 1;
    std::size_t delivered = 0;
    while (delivered < 200) {
      if (next <= 200 && random() % 2 == 0) {
        queue.push(entry(next++, static_cast<std::int64_t>(random() % 9)));
      } else if (!in_flight.empty() && random() % 2 == 0) {
        const auto place = random() % in_flight.size();
        const auto lane = in_flight[place];
        in_flight.erase(in_flight.begin() + static_cast<std::ptrdiff_t>(place));
        const auto front = queue.entries(lane).front().entry;
        CHECK(front > last[lane.value]);
        last[lane.value] = front;
        queue.remove(lane, front);
        ++delivered;
        queue.release(lane);
      } else if (const auto lane = queue.take_lane()) {
        in_flight.push_back(*lane);
      }
    }
    CHECK(queue.size() == 0);
    CHECK(queue.idle());
  }
}
