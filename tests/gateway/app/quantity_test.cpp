#include "gateway/app/quantity.h"

#include <catch2/catch.hpp>

#include "gateway/app/nearest.h"
#include "gateway/app/schedule.h"

using namespace lienthong;
using namespace lienthong::app;
using namespace std::chrono_literals;

TEST_CASE("sizes are read and written as people do") {
  CHECK(parse_size("512") == 512u);
  CHECK(parse_size("64 KiB") == 65536u);
  CHECK(parse_size("2GiB") == 2ull << 30);
  for (const auto* wrong : {"", "MiB", "-1", "1 MB", "1  MiB", "1.5 MiB", "99999999999 GiB", "1 MiB "}) {
    INFO(wrong);
    CHECK_FALSE(parse_size(wrong));
  }
  for (const std::uint64_t bytes :
       {std::uint64_t{0}, std::uint64_t{1000}, std::uint64_t{1} << 20, std::uint64_t{3} << 30}) {
    CHECK(parse_size(format_size(bytes)) == bytes);
  }
  CHECK(format_size(16u << 20) == "16 MiB");
}

TEST_CASE("durations are read and written as people do") {
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("30s") == 30s);
  CHECK(parse_duration("7d") == 168h);
  CHECK(parse_duration("0") == 0ms);
  for (const auto* wrong : {"", "30", "s", "-5s", "1.5h", "5 minutes"}) {
    INFO(wrong);
    CHECK_FALSE(parse_duration(wrong));
  }
  CHECK(format_duration(90s) == "90s");
  CHECK(format_duration(24h) == "1d");
}

TEST_CASE("offsets from UTC have sign, hours and minutes") {
  CHECK(parse_utc_offset("+07:00") == 420min);
  CHECK(parse_utc_offset("-03:30") == -210min);
  CHECK(parse_utc_offset("Z") == 0min);
  for (const auto* wrong : {"", "7", "+7:00", "+07", "07:00", "+15:00", "+07:60", "+0a:00"}) {
    INFO(wrong);
    CHECK_FALSE(parse_utc_offset(wrong));
  }
}

TEST_CASE("schedules say how often, on which days and hours") {
  const auto full = parse_schedule("every 30m, Mon-Sat 07-17");
  REQUIRE(full);
  CHECK(*full == Schedule{30min, 0x3f, 7, 17});
  CHECK(parse_schedule("every 2h") == Schedule{2h, 0x7f, 0, 24});
  CHECK(parse_schedule("every 2h, Sat-Mon") == Schedule{2h, 0x61, 0, 24});
  CHECK(parse_schedule("every 1h, 06-22") == Schedule{1h, 0x7f, 6, 22});
  CHECK(parse_schedule("") == Schedule{});
  for (const auto* wrong : {"30m", "every", "every day", "every 30m, Mo", "every 30m, Mon 17-07",
                            "every 30m, 7", "every 0s", "every 30d"}) {
    INFO(wrong);
    CHECK_FALSE(parse_schedule(wrong));
  }
}

TEST_CASE("a feed is late when it was silent too long within its days and hours") {
  const auto schedule = *parse_schedule("every 30m, Mon-Sat 07-17");
  const auto offset = 7h;  // local times below are written as UTC minus the offset
  const auto local = [offset](int day, int hour, int minute) {
    return Instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / day) + std::chrono::hours(hour) +
                   std::chrono::minutes(minute) - offset);
  };
  const auto late = [&](Instant last, Instant now) { return schedule.is_late(last, now, 420min); };
  CHECK_FALSE(late(local(2, 8, 0), local(2, 8, 30)));  // Monday
  CHECK(late(local(2, 8, 0), local(2, 8, 31)));
  CHECK_FALSE(late(local(2, 16, 45), local(3, 7, 10)));  // 15 minutes in the evening, 10 in the morning
  CHECK(late(local(2, 16, 45), local(3, 7, 16)));
  CHECK_FALSE(late(local(7, 16, 50), local(9, 7, 15)));  // over Sunday
  CHECK(late(local(7, 16, 50), local(9, 7, 21)));
  CHECK_FALSE(Schedule{}.is_late(local(1, 0, 0), local(9, 0, 0), 420min));
}

TEST_CASE("the nearest name is proposed only when it is near") {
  const std::array<std::string_view, 3> names = {"listen", "facility", "profile"};
  CHECK(nearest("lisen", names) == "listen");
  CHECK(nearest("facilty", names) == "facility");
  CHECK(nearest("zzzz", names).empty());
  CHECK(nearest(std::string(10'000, 'x'), names).empty());
}
