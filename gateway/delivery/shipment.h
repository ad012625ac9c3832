#pragma once
// What a destination has sent and waits to hear of.

#include <chrono>
#include <vector>

#include "gateway/delivery/bundle_builder.h"
#include "gateway/delivery/outbox_entry.h"

namespace lienthong::delivery {

// One bundle on its way.
struct Shipment {
  using Steady = std::chrono::steady_clock;
  std::vector<Lane> lanes;           // held by it
  std::vector<Included> included;    // Resource: what it carries
  std::vector<OutboxEntry> entries;  // of its lanes, as they were taken (Message: the one)
  Steady::time_point sent_at{};
};

}  // namespace lienthong::delivery
