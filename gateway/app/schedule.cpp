#include "gateway/app/schedule.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "gateway/app/quantity.h"

namespace lienthong::app {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr auto kLongestSilence = std::chrono::days(7);
constexpr auto kLateForSure = std::chrono::days(7 * 24 * 7 + 14);  // one expected hour a week: 168 weeks

std::string_view trim(std::string_view text) noexcept {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::optional<int> parse_day(std::string_view text) noexcept {
  const auto* found = std::find(kDays.begin(), kDays.end(), text);
  if (found == kDays.end()) return std::nullopt;
  return static_cast<int>(found - kDays.begin());
}

std::optional<int> parse_hour(std::string_view text) noexcept {
  int hour = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), hour);
  if (code != std::errc() || end != text.data() + text.size() || hour < 0 || hour > 24) return std::nullopt;
  return hour;
}

// "Mon-Sat" or "Sun"; a range may go round the week's end ("Sat-Mon").
std::optional<std::uint8_t> parse_days(std::string_view text) noexcept {
  const auto dash = text.find('-');
  const auto first = parse_day(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_day(text.substr(dash + 1));
  if (!first || !last) return std::nullopt;
  std::uint8_t days = 0;
  for (int day = *first;; day = (day + 1) % 7) {
    days = static_cast<std::uint8_t>(days | (1u << day));
    if (day == *last) return days;
  }
}

bool parse_hours(std::string_view text, Schedule& schedule) noexcept {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return false;
  const auto from = parse_hour(text.substr(0, dash));
  const auto to = parse_hour(text.substr(dash + 1));
  if (!from || !to || *from >= *to) return false;
  schedule.from_hour = *from;
  schedule.to_hour = *to;
  return true;
}

}  // namespace

std::optional<Schedule> parse_schedule(std::string_view text) noexcept {
  Schedule schedule;
  text = trim(text);
  if (text.empty()) return schedule;
  if (!text.starts_with("every ")) return std::nullopt;
  const auto comma = text.find(',');
  const auto every =
      parse_duration(trim(text.substr(6, comma == std::string_view::npos ? comma : comma - 6)));
  if (!every || every->count() <= 0 || *every > kLongestSilence) return std::nullopt;
  schedule.every = *every;
  if (comma == std::string_view::npos) return schedule;

  auto rest = trim(text.substr(comma + 1));
  const auto space = rest.find(' ');
  const auto first = rest.substr(0, space);
  if (const auto days = parse_days(first)) {
    schedule.days = *days;
    if (space == std::string_view::npos) return schedule;
    rest = trim(rest.substr(space));
  }
  if (!parse_hours(rest, schedule)) return std::nullopt;
  return schedule;
}

bool Schedule::is_late(Instant last, Instant now, std::chrono::minutes utc_offset) const noexcept {
  using namespace std::chrono;
  if (every.count() == 0 || now <= last) return false;
  const auto local_now = now + utc_offset;
  const auto local_last = last + utc_offset;
  // Bounds the loop below: parse_schedule() takes no `every` longer than a week.
  if (local_now - local_last > kLateForSure) return true;

  microseconds silent{0};
  for (auto day = floor<std::chrono::days>(local_last); day <= floor<std::chrono::days>(local_now);
       day += std::chrono::days(1)) {
    const auto bit = weekday(day).iso_encoding() - 1;
    if ((days & (1u << bit)) == 0) continue;
    const auto begin = std::max<sys_time<microseconds>>(day + hours(from_hour), local_last);
    const auto end = std::min<sys_time<microseconds>>(day + hours(to_hour), local_now);
    if (end > begin) silent += end - begin;
  }
  return silent > every;
}

}  // namespace lienthong::app
