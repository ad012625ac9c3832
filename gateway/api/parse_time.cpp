#include "gateway/api/parse_time.h"

namespace lienthong::api {
namespace {

// Takes `digits` decimal digits off the front; -1 when they are not there.
int take_number(std::string_view& text, std::size_t digits) noexcept {
  if (text.size() < digits) return -1;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) noexcept {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// ".120" as microseconds; more digits than six are cut.
std::int64_t take_fraction(std::string_view& text) noexcept {
  if (!take(text, '.')) return 0;
  std::int64_t micros = 0;
  std::int64_t unit = 100'000;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    micros += (text.front() - '0') * unit;
    unit /= 10;
    text.remove_prefix(1);
  }
  return micros;
}

// The zone as minutes east of Greenwich; false when there is none or it is wrong.
bool take_zone(std::string_view& text, int& minutes) noexcept {
  if (take(text, 'Z')) {
    minutes = 0;
    return true;
  }
  const bool east = take(text, '+');
  if (!east && !take(text, '-')) return false;
  const int hours = take_number(text, 2);
  if (hours < 0 || hours > 14 || !take(text, ':')) return false;
  const int rest = take_number(text, 2);
  if (rest < 0 || rest > 59) return false;
  minutes = (east ? 1 : -1) * (hours * 60 + rest);
  return true;
}

}  // namespace

std::optional<Instant> parse_fhir_instant(std::string_view text) noexcept {
  const int year = take_number(text, 4);
  if (year < 1 || !take(text, '-')) return std::nullopt;
  const int month = take_number(text, 2);
  if (!take(text, '-')) return std::nullopt;
  const int day = take_number(text, 2);
  const auto date = std::chrono::year(year) /
                    std::chrono::month(static_cast<unsigned>(month < 0 ? 0 : month)) /
                    std::chrono::day(static_cast<unsigned>(day < 0 ? 0 : day));
  if (!date.ok() || !take(text, 'T')) return std::nullopt;
  const int hour = take_number(text, 2);
  if (hour < 0 || hour > 23 || !take(text, ':')) return std::nullopt;
  const int minute = take_number(text, 2);
  if (minute < 0 || minute > 59 || !take(text, ':')) return std::nullopt;
  const int second = take_number(text, 2);
  if (second < 0 || second > 60) return std::nullopt;
  const auto micros = take_fraction(text);
  int zone = 0;
  if (!take_zone(text, zone) || !text.empty()) return std::nullopt;
  return Instant(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute - zone) + std::chrono::seconds(second) +
         std::chrono::microseconds(micros);
}

}  // namespace lienthong::api
