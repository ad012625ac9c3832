#include "gateway/repository/sqlite/fhir_time.h"

#include <charconv>
#include <cstdio>

namespace lienthong::repository::sqlite {
namespace {

using namespace std::chrono;

// "+07:00" → minutes east; nullopt when it is no zone.
std::optional<minutes> parse_zone(std::string_view zone) {
  if (zone == "Z" || zone == "z") return minutes(0);
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  int h = 0, m = 0;
  const auto hours_end = std::from_chars(zone.data() + 1, zone.data() + 3, h);
  const auto minutes_end = std::from_chars(zone.data() + 4, zone.data() + 6, m);
  if (hours_end.ptr != zone.data() + 3 || minutes_end.ptr != zone.data() + 6 || h > 14 || m > 59) {
    return std::nullopt;
  }
  return minutes((zone[0] == '-' ? -1 : 1) * (h * 60 + m));
}

std::string format(Instant local, std::string_view zone, bool milliseconds_always) {
  const auto day = floor<days>(local);
  const year_month_day date(day);
  const hh_mm_ss time(local - day);
  const auto fraction = duration_cast<milliseconds>(time.subseconds()).count();
  char text[64];
  int size = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                           static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                           static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                           static_cast<int>(time.seconds().count()));
  if (milliseconds_always || fraction != 0) {
    size += std::snprintf(text + size, sizeof text - static_cast<std::size_t>(size), ".%03d",
                          static_cast<int>(fraction));
  }
  return std::string(text, static_cast<std::size_t>(size)).append(zone);
}

// Reads exactly `digits` digits after `separator`.
bool take(std::string_view& text, std::string_view separators, std::size_t digits, int& value) {
  const std::size_t skip = separators.empty() ? 0 : 1;
  if (text.size() < skip + digits) return false;
  if (skip == 1 && separators.find(text[0]) == std::string_view::npos) return false;
  const char* first = text.data() + skip;
  for (std::size_t i = 0; i < digits; ++i) {
    if (first[i] < '0' || first[i] > '9') return false;
  }
  std::from_chars(first, first + digits, value);
  text.remove_prefix(skip + digits);
  return true;
}

struct Parts {
  int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  microseconds fraction{0}, unit{0};  // unit: the length of what was written, for times
};

microseconds take_fraction(std::string_view& text, microseconds& unit) {
  unit = seconds(1);
  if (text.empty() || text[0] != '.') return microseconds(0);
  text.remove_prefix(1);
  microseconds value(0);
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    if (unit > microseconds(1)) {
      unit /= 10;
      value += unit * (text[0] - '0');
    }
    text.remove_prefix(1);
  }
  return value;
}

// After the date: "T10:00[:00[.000]][zone]".
bool take_time(std::string_view& text, Parts& parts, minutes& zone) {
  if (!take(text, "Tt", 2, parts.hour) || !take(text, ":", 2, parts.minute)) return false;
  parts.unit = minutes(1);
  if (take(text, ":", 2, parts.second)) parts.fraction = take_fraction(text, parts.unit);
  if (!text.empty()) {
    // A "+" that stood unescaped in a URL has become a space.
    std::string zone_text(text);
    if (zone_text[0] == ' ') zone_text[0] = '+';
    const auto parsed = parse_zone(zone_text);
    if (!parsed) return false;
    zone = *parsed;
  }
  return parts.hour < 24 && parts.minute < 60 && parts.second < 61;
}

}  // namespace

std::string format_date_time(Instant time, std::string_view zone) {
  const auto offset = parse_zone(zone);
  if (!offset || *offset == minutes(0)) return format(time, offset ? zone : "Z", false);
  return format(time + *offset, zone, false);
}

std::string format_instant(Instant time) {
  return format(time, "Z", true);
}

std::optional<TimeRange> parse_time_range(std::string_view text) {
  Parts parts;
  if (!take(text, "", 4, parts.year)) return std::nullopt;
  const bool has_month = take(text, "-", 2, parts.month);
  const bool has_day = has_month && take(text, "-", 2, parts.day);
  minutes zone(0);
  if (has_day && !text.empty() && !take_time(text, parts, zone)) return std::nullopt;
  if (!has_day && !text.empty()) return std::nullopt;
  const year_month_day date{year(parts.year), month(static_cast<unsigned>(parts.month)),
                            day(static_cast<unsigned>(parts.day))};
  if (!date.ok()) return std::nullopt;
  const Instant first = Instant(sys_days(date)) + hours(parts.hour) + minutes(parts.minute) +
                        seconds(parts.second) + parts.fraction - zone;
  Instant next = first + parts.unit;
  if (parts.unit == microseconds(0)) {
    next = has_day ? first + days(1) : Instant(sys_days(has_month ? date + months(1) : date + years(1)));
  }
  return TimeRange{first, next - microseconds(1)};
}

}  // namespace lienthong::repository::sqlite
