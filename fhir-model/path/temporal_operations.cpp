// Comparison, arithmetic and boundaries of temporal values.
#include <algorithm>
#include <array>
#include <tuple>

#include "fhir-model/path/temporal.h"

namespace fhir::path {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

std::int64_t second_of_day(const Temporal& value) {
  return value.hour * 3600 + value.minute * 60 + value.second;
}

void set_date(Temporal& out, std::int64_t days) {
  // Howard Hinnant's civil_from_days.
  const std::int64_t z = days + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const auto day_of_era = static_cast<int>(z - era * 146097);
  const int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted = (5 * day_of_year + 2) / 153;
  const int month = shifted < 10 ? shifted + 3 : shifted - 9;
  out.day = static_cast<std::int8_t>(day_of_year - (153 * shifted + 2) / 5 + 1);
  out.month = static_cast<std::int8_t>(month);
  out.year = static_cast<std::int16_t>(year_of_era + era * 400 + (month <= 2 ? 1 : 0));
}

bool year_in_range(std::int64_t days) {
  return days >= days_since_epoch(1, 1, 1) && days <= days_since_epoch(9999, 12, 31);
}

void set_time(Temporal& out, std::int64_t second) {
  out.hour = static_cast<std::int8_t>(second / 3600);
  out.minute = static_cast<std::int8_t>(second / 60 % 60);
  out.second = static_cast<std::int8_t>(second % 60);
}

// The same fields `minutes` earlier, as if on a clock of another zone.
Temporal shifted(const Temporal& value, int minutes) {
  if (minutes == 0) return value;
  Temporal out = value;
  std::int64_t days = days_since_epoch(value.year, value.month, value.day);
  std::int64_t second = second_of_day(value) - std::int64_t{60} * minutes;
  while (second < 0) {
    second += kSecondsPerDay;
    --days;
  }
  while (second >= kSecondsPerDay) {
    second -= kSecondsPerDay;
    ++days;
  }
  set_date(out, days);
  set_time(out, second);
  return out;
}

TemporalOrder order_of(std::int64_t a, std::int64_t b) {
  if (a == b) return TemporalOrder::Equal;
  return a < b ? TemporalOrder::Less : TemporalOrder::Greater;
}

// Field by field down to the precision both have; Unknown when they agree so far and one has more.
TemporalOrder compare_fields(const Temporal& a, const Temporal& b) {
  const auto second_value = [](const Temporal& t) {
    return t.second * kNanosecondsPerSecond + t.nanoseconds;
  };
  const std::array<std::pair<std::int64_t, std::int64_t>, 6> fields = {{{a.year, b.year},
                                                                        {a.month, b.month},
                                                                        {a.day, b.day},
                                                                        {a.hour, b.hour},
                                                                        {a.minute, b.minute},
                                                                        {second_value(a), second_value(b)}}};
  const auto last = std::min(TemporalPrecision::Second, std::min(a.precision, b.precision));
  for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i) {
    const TemporalOrder order = order_of(fields[i].first, fields[i].second);
    if (order != TemporalOrder::Equal) return order;
  }
  const bool same =
      std::min(a.precision, TemporalPrecision::Second) == std::min(b.precision, TemporalPrecision::Second);
  return same ? TemporalOrder::Equal : TemporalOrder::Unknown;
}

bool has_time(const Temporal& value) {
  return value.precision >= TemporalPrecision::Hour;
}

// How many units make one of the next coarser kind that date precision knows: 24 hours a day, 30 days a
// month, 12 months a year (FHIRPath 2.0 §6.6.3).
std::int64_t coarsened(std::int64_t amount, CalendarUnit& unit, TemporalPrecision precision) {
  if (precision <= TemporalPrecision::Day && unit > CalendarUnit::Day) {
    constexpr std::array<std::int64_t, 4> kPerDay = {24, 1440, 86'400, 86'400'000};
    amount /= kPerDay[static_cast<std::size_t>(unit) - static_cast<std::size_t>(CalendarUnit::Hour)];
    unit = CalendarUnit::Day;
  }
  if (precision <= TemporalPrecision::Month && unit >= CalendarUnit::Week) {
    amount = (unit == CalendarUnit::Week ? amount * 7 : amount) / 30;
    unit = CalendarUnit::Month;
  }
  if (precision == TemporalPrecision::Year && unit == CalendarUnit::Month) {
    amount /= 12;
    unit = CalendarUnit::Year;
  }
  return amount;
}

std::optional<Temporal> add_months(Temporal value, std::int64_t months) {
  const std::int64_t total = value.year * 12 + (value.month - 1) + months;
  if (total < 12 || total >= 10'000 * 12) return std::nullopt;
  value.year = static_cast<std::int16_t>(total / 12);
  value.month = static_cast<std::int8_t>(total % 12 + 1);
  value.day = static_cast<std::int8_t>(std::min<int>(value.day, days_in_month(value.year, value.month)));
  return value;
}

std::optional<Temporal> add_nanoseconds(Temporal value, Int128 amount) {
  constexpr Int128 kDay = static_cast<Int128>(kSecondsPerDay) * kNanosecondsPerSecond;
  Int128 total =
      static_cast<Int128>(second_of_day(value)) * kNanosecondsPerSecond + value.nanoseconds + amount;
  Int128 days = total / kDay;
  total %= kDay;
  if (total < 0) {
    total += kDay;
    --days;
  }
  value.nanoseconds = static_cast<std::int32_t>(total % kNanosecondsPerSecond);
  set_time(value, static_cast<std::int64_t>(total / kNanosecondsPerSecond));
  if (value.kind == TemporalKind::Time) return value;
  const Int128 date = days_since_epoch(value.year, value.month, value.day) + days;
  if (date > INT32_MAX || date < INT32_MIN || !year_in_range(static_cast<std::int64_t>(date)))
    return std::nullopt;
  set_date(value, static_cast<std::int64_t>(date));
  return value;
}

// Drops what the precision does not hold (a sum of milliseconds and a minute-precise value).
void truncate(Temporal& value) {
  if (value.precision < TemporalPrecision::Fraction) value.nanoseconds = 0;
  if (value.precision < TemporalPrecision::Second) value.second = 0;
  if (value.precision < TemporalPrecision::Minute) value.minute = 0;
}

std::optional<TemporalPrecision> precision_of_digits(TemporalKind kind, int digits) {
  constexpr std::array<int, 7> kDigits = {4, 6, 8, 10, 12, 14, 17};
  if (kind == TemporalKind::Time) digits += 8;
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    const auto precision = static_cast<TemporalPrecision>(i);
    if (kDigits[i] != digits) continue;
    if (kind == TemporalKind::Date && precision > TemporalPrecision::Day) return std::nullopt;
    if (kind == TemporalKind::Time && precision < TemporalPrecision::Hour) return std::nullopt;
    return precision;
  }
  return std::nullopt;
}

void set_precision(Temporal& value, TemporalPrecision precision) {
  value.precision = precision;
  if (precision == TemporalPrecision::Fraction && value.fraction_digits < 3) value.fraction_digits = 3;
  if (precision < TemporalPrecision::Fraction) value.fraction_digits = 0;
}

}  // namespace

TemporalOrder compare(const Temporal& a, const Temporal& b) {
  const bool zoned = has_time(a) && has_time(b) && a.kind != TemporalKind::Time;
  if (!zoned) return compare_fields(a, b);
  if (a.has_zone == b.has_zone) return compare_fields(shifted(a, a.zone_minutes), shifted(b, b.zone_minutes));
  constexpr int kEast = 14 * 60, kWest = -12 * 60;
  const auto with = [](const Temporal& t, int zone) {
    return shifted(t, t.has_zone ? t.zone_minutes : zone);
  };
  const TemporalOrder first = compare_fields(with(a, kEast), with(b, kEast));
  const TemporalOrder second = compare_fields(with(a, kWest), with(b, kWest));
  return first == second ? first : TemporalOrder::Unknown;
}

std::optional<Temporal> add(const Temporal& value, const Decimal& amount, CalendarUnit unit) {
  const bool exact_seconds = unit == CalendarUnit::Second && value.precision >= TemporalPrecision::Second;
  if (exact_seconds) {
    const auto nanoseconds = (amount * Decimal::from_integer(kNanosecondsPerSecond))
                                 .rounded(0, Decimal::Rounding::Truncate)
                                 .to_integer();
    return nanoseconds ? add_nanoseconds(value, *nanoseconds) : std::nullopt;
  }
  const auto whole = amount.rounded(0, Decimal::Rounding::Truncate).to_integer();
  if (!whole || *whole > INT64_MAX / 16 || *whole < INT64_MIN / 16) return std::nullopt;
  if (value.kind == TemporalKind::Time && unit < CalendarUnit::Hour) return std::nullopt;
  const std::int64_t count =
      value.kind == TemporalKind::Time ? *whole : coarsened(*whole, unit, value.precision);
  if (unit <= CalendarUnit::Month && (count > 120'000 || count < -120'000)) return std::nullopt;
  if (unit == CalendarUnit::Year) return add_months(value, count * 12);
  if (unit == CalendarUnit::Month) return add_months(value, count);
  constexpr std::array<std::int64_t, 6> kMilliseconds = {604'800'000, 86'400'000, 3'600'000, 60'000, 1000, 1};
  const auto factor =
      kMilliseconds[static_cast<std::size_t>(unit) - static_cast<std::size_t>(CalendarUnit::Week)];
  auto sum = add_nanoseconds(value, static_cast<Int128>(count) * factor * 1'000'000);
  if (sum) truncate(*sum);
  return sum;
}

std::optional<Temporal> low_boundary(const Temporal& value, int digits) {
  const auto precision = precision_of_digits(value.kind, digits);
  if (!precision) return std::nullopt;
  Temporal out = value;  // fields beyond the precision are lowest already
  set_precision(out, *precision);
  truncate(out);
  if (out.kind == TemporalKind::DateTime && has_time(out) && !out.has_zone) {
    out.has_zone = true;
    out.zone_minutes = 14 * 60;
  }
  if (!has_time(out)) out.has_zone = false;
  return out;
}

std::optional<Temporal> high_boundary(const Temporal& value, int digits) {
  const auto precision = precision_of_digits(value.kind, digits);
  if (!precision) return std::nullopt;
  Temporal out = value;
  if (value.precision < TemporalPrecision::Month) out.month = 12;
  if (value.precision < TemporalPrecision::Day) {
    out.day = static_cast<std::int8_t>(days_in_month(out.year, out.month));
  }
  // FHIR's dateTime has no hours without minutes; the published cases read such a literal as "minute 00".
  const bool hour_only = value.kind == TemporalKind::DateTime && value.precision == TemporalPrecision::Hour;
  if (value.precision < TemporalPrecision::Hour) out.hour = 23;
  if (value.precision < TemporalPrecision::Minute && !hour_only) out.minute = 59;
  if (value.precision < TemporalPrecision::Second) out.second = 59;
  if (value.precision < TemporalPrecision::Fraction) out.nanoseconds = 999'000'000;
  set_precision(out, *precision);
  truncate(out);
  if (out.kind == TemporalKind::DateTime && has_time(out) && !out.has_zone) {
    out.has_zone = true;
    out.zone_minutes = -12 * 60;
  }
  if (!has_time(out)) out.has_zone = false;
  return out;
}

}  // namespace fhir::path
