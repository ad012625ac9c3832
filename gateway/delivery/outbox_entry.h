#pragma once
// What waits to be delivered.

#include <cstdint>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"

namespace lienthong::delivery {

// A patient's order: entries of one lane are delivered one after the other. kSharedLane holds what belongs to
// no patient (organizations, practitioners, locations) and goes ahead.
using Lane = StrongId<struct LaneTag, std::int64_t>;
inline constexpr Lane kSharedLane{0};

// A changed resource, as the repository reports it.
struct Change {
  ResourceRow resource;
  std::string_view type;  // "Patient": routes choose by it
  Lane lane;
  std::int64_t sequence = 0;  // the repository's count of changes; grows with every change of any resource
  bool test = false;          // test data (semantics 19)
};

enum class EntryKind : std::uint8_t { Resource, Message };

// One row of an outbox.
struct OutboxEntry {
  std::int64_t entry = 0;
  Lane lane;
  ResourceRow resource;  // EntryKind::Resource
  MessageRow message;    // EntryKind::Message
  std::int64_t change = 0;
  Instant first_at;
};

}  // namespace lienthong::delivery
