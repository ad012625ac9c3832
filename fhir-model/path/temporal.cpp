#include "fhir-model/path/temporal.h"

#include <array>
#include <charconv>
#include <chrono>
#include <ctime>

namespace fhir::path {
namespace {

// Reads fixed-width digits at the front of `text`.
bool take_number(std::string_view& text, std::size_t width, int& value) {
  if (text.size() < width) return false;
  value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(width);
  return true;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text, Temporal& out) {
  int year = 0, month = 1, day = 1;
  if (!take_number(text, 4, year) || year < 1) return false;
  out.precision = TemporalPrecision::Year;
  if (take(text, '-')) {
    if (!take_number(text, 2, month) || month < 1 || month > 12) return false;
    out.precision = TemporalPrecision::Month;
    if (take(text, '-')) {
      if (!take_number(text, 2, day) || day < 1 || day > days_in_month(year, month)) return false;
      out.precision = TemporalPrecision::Day;
    }
  }
  out.year = static_cast<std::int16_t>(year);
  out.month = static_cast<std::int8_t>(month);
  out.day = static_cast<std::int8_t>(day);
  return true;
}

bool take_fraction(std::string_view& text, Temporal& out) {
  int digits = 0;
  std::int32_t nanoseconds = 0;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    if (digits < 9) {
      nanoseconds = nanoseconds * 10 + (text[0] - '0');
      ++digits;
    }
    text.remove_prefix(1);
  }
  if (digits == 0) return false;
  out.fraction_digits = static_cast<std::uint8_t>(digits);
  for (; digits < 9; ++digits) nanoseconds *= 10;
  out.nanoseconds = nanoseconds;
  out.precision = TemporalPrecision::Fraction;
  return true;
}

bool take_time(std::string_view& text, Temporal& out) {
  int hour = 0, minute = 0, second = 0;
  if (!take_number(text, 2, hour) || hour > 23) return false;
  out.precision = TemporalPrecision::Hour;
  out.hour = static_cast<std::int8_t>(hour);
  if (!take(text, ':')) return true;
  if (!take_number(text, 2, minute) || minute > 59) return false;
  out.precision = TemporalPrecision::Minute;
  out.minute = static_cast<std::int8_t>(minute);
  if (!take(text, ':')) return true;
  if (!take_number(text, 2, second) || second > 60) return false;  // FHIR allows leap seconds
  out.precision = TemporalPrecision::Second;
  out.second = static_cast<std::int8_t>(second);
  return !take(text, '.') || take_fraction(text, out);
}

bool take_zone(std::string_view& text, Temporal& out) {
  if (text.empty()) return true;
  out.has_zone = true;
  if (take(text, 'Z')) return true;
  const bool west = text[0] == '-';
  if (!west && text[0] != '+') return false;
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!take_number(text, 2, hours) || !take(text, ':') || !take_number(text, 2, minutes)) return false;
  if (hours > 14 || minutes > 59) return false;
  const int total = hours * 60 + minutes;
  out.zone_minutes = static_cast<std::int16_t>(west ? -total : total);
  return true;
}

void append_number(std::string& out, int value, int width) {
  std::array<char, 16> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  for (auto length = end - buffer.data(); length < width; ++length) out.push_back('0');
  out.append(buffer.data(), end);
}

void append_date(std::string& out, const Temporal& value) {
  append_number(out, value.year, 4);
  if (value.precision >= TemporalPrecision::Month) append_number(out += '-', value.month, 2);
  if (value.precision >= TemporalPrecision::Day) append_number(out += '-', value.day, 2);
}

void append_time(std::string& out, const Temporal& value) {
  append_number(out, value.hour, 2);
  if (value.precision >= TemporalPrecision::Minute) append_number(out += ':', value.minute, 2);
  if (value.precision >= TemporalPrecision::Second) append_number(out += ':', value.second, 2);
  if (value.precision < TemporalPrecision::Fraction) return;
  std::string fraction;
  append_number(fraction, value.nanoseconds, 9);
  out += '.';
  out.append(fraction, 0, value.fraction_digits);
}

void append_zone(std::string& out, const Temporal& value) {
  if (!value.has_zone) return;
  if (value.zone_minutes == 0) {
    out += 'Z';
    return;
  }
  const int minutes = value.zone_minutes < 0 ? -value.zone_minutes : value.zone_minutes;
  append_number(out += value.zone_minutes < 0 ? '-' : '+', minutes / 60, 2);
  append_number(out += ':', minutes % 60, 2);
}

}  // namespace

std::int64_t days_since_epoch(int year, int month, int day) {
  // Howard Hinnant's days_from_civil; years 1..9999 need no negative eras.
  const int y = month <= 2 ? year - 1 : year;
  const int era = y / 400;
  const int year_of_era = y - era * 400;
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return static_cast<std::int64_t>(era) * 146097 + day_of_era - 719468;
}

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

std::optional<Temporal> Temporal::parse_date(std::string_view text) {
  Temporal out;
  if (!take_date(text, out) || !text.empty()) return std::nullopt;
  return out;
}

std::optional<Temporal> Temporal::parse_date_time(std::string_view text) {
  Temporal out;
  out.kind = TemporalKind::DateTime;
  if (!take_date(text, out)) return std::nullopt;
  if (take(text, 'T') && !text.empty()) {
    if (out.precision != TemporalPrecision::Day) return std::nullopt;
    if (!take_time(text, out) || !take_zone(text, out)) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return out;
}

std::optional<Temporal> Temporal::parse_time(std::string_view text) {
  Temporal out;
  out.kind = TemporalKind::Time;
  if (!take_time(text, out) || !text.empty()) return std::nullopt;
  return out;
}

std::string Temporal::to_string() const {
  std::string out;
  if (kind == TemporalKind::Time) {
    append_time(out, *this);
    return out;
  }
  append_date(out, *this);
  if (precision >= TemporalPrecision::Hour) {
    out += 'T';
    append_time(out, *this);
    append_zone(out, *this);
  }
  return out;
}

int Temporal::digits() const {
  constexpr std::array<int, 7> kDateTime = {4, 6, 8, 10, 12, 14, 17};
  const int all = kDateTime[static_cast<std::size_t>(precision)];
  return kind == TemporalKind::Time ? all - 8 : all;
}

Temporal Temporal::as_date() const {
  Temporal out = *this;
  out.kind = TemporalKind::Date;
  if (precision > TemporalPrecision::Day) out.precision = TemporalPrecision::Day;
  out.has_zone = false;
  out.zone_minutes = 0;
  out.hour = out.minute = out.second = 0;
  out.nanoseconds = 0;
  out.fraction_digits = 0;
  return out;
}

Temporal Temporal::as_date_time() const {
  Temporal out = *this;
  out.kind = TemporalKind::DateTime;
  return out;
}

Temporal current_moment() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm local{};
  localtime_r(&seconds, &local);
  Temporal out;
  out.kind = TemporalKind::DateTime;
  out.precision = TemporalPrecision::Fraction;
  out.fraction_digits = 3;
  out.has_zone = true;
  out.year = static_cast<std::int16_t>(local.tm_year + 1900);
  out.month = static_cast<std::int8_t>(local.tm_mon + 1);
  out.day = static_cast<std::int8_t>(local.tm_mday);
  out.hour = static_cast<std::int8_t>(local.tm_hour);
  out.minute = static_cast<std::int8_t>(local.tm_min);
  out.second = static_cast<std::int8_t>(local.tm_sec);
  out.zone_minutes = static_cast<std::int16_t>(local.tm_gmtoff / 60);
  out.nanoseconds = static_cast<std::int32_t>(milliseconds * 1'000'000);
  return out;
}

std::optional<CalendarUnit> calendar_word(std::string_view word) {
  constexpr std::array<std::string_view, 8> kWords = {"year", "month",  "week",   "day",
                                                      "hour", "minute", "second", "millisecond"};
  if (word.size() > 3 && word.back() == 's') word.remove_suffix(1);
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (kWords[i] == word) return static_cast<CalendarUnit>(i);
  }
  return std::nullopt;
}

std::optional<CalendarUnit> calendar_code(std::string_view ucum) {
  constexpr std::array<std::string_view, 6> kCodes = {"wk", "d", "h", "min", "s", "ms"};
  for (std::size_t i = 0; i < kCodes.size(); ++i) {
    if (kCodes[i] == ucum) return static_cast<CalendarUnit>(i + 2);
  }
  return std::nullopt;
}

}  // namespace fhir::path
