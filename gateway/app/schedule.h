#pragma once
// When a source should speak: `expect = "every 30m, Mon-Sat 07-17"` (semantics 27).

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/base/clock.h"

namespace lienthong::app {

// Plain value; any thread.
struct Schedule {
  std::chrono::milliseconds every{0};  // the longest silence that is normal; 0 = nothing is expected
  std::uint8_t days = 0x7f;            // bit 0 = Monday … bit 6 = Sunday
  int from_hour = 0, to_hour = 24;     // local hours, [from, to)

  bool operator==(const Schedule&) const = default;

  // Whether a source last heard at `last` is silent too long at `now`. Only times within days and hours
  // count: a feed that rests at night is not late in the morning before `every` has passed again.
  bool is_late(Instant last, Instant now, std::chrono::minutes utc_offset) const noexcept;
};

// "every 30m", "every 2h, Mon-Fri", "every 30m, Mon-Sat 07-17", "every 1h, 06-22". "" = nothing is expected.
std::optional<Schedule> parse_schedule(std::string_view text) noexcept;

}  // namespace lienthong::app
