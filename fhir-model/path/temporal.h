#pragma once
// Dates, times and moments with the precision they were written in.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fhir-model/path/decimal.h"

namespace fhir::path {

enum class TemporalKind : std::uint8_t { Date, DateTime, Time };

// Ordered: a larger value is more precise. Seconds and fractions of them are one precision in comparisons.
enum class TemporalPrecision : std::uint8_t { Year, Month, Day, Hour, Minute, Second, Fraction };

// Outcome of comparing values of different precision (FHIRPath 2.0 §6.1, §6.2: "empty" when it cannot be
// known).
enum class TemporalOrder : std::uint8_t { Less, Equal, Greater, Unknown };

// Units that can be added to temporal values.
enum class CalendarUnit : std::uint8_t { Year, Month, Week, Day, Hour, Minute, Second, Millisecond };

// A date (years 1 to 9999), a date with time, or a time of day. Fields beyond the precision hold their lowest
// value. Plain value, any thread.
struct Temporal {
  TemporalKind kind = TemporalKind::Date;
  TemporalPrecision precision = TemporalPrecision::Day;
  bool has_zone = false;
  std::uint8_t fraction_digits = 0;  // 1..9 with precision Fraction
  std::int16_t year = 1;
  std::int8_t month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::int16_t zone_minutes = 0;  // east of Greenwich
  std::int32_t nanoseconds = 0;

  // "2014", "2014-01", "2014-01-25".
  static std::optional<Temporal> parse_date(std::string_view text);
  // A date, alone or with "T", "T08", "T08:05", "T08:05:00.123" and "Z" or "+07:00".
  static std::optional<Temporal> parse_date_time(std::string_view text);
  // "08", "08:05", "08:05:00.123", without zone.
  static std::optional<Temporal> parse_time(std::string_view text);

  // As in FHIR: "2014-01-25T08:05:00.000+07:00"; without the literal's "@" and without "T" where no time
  // follows.
  std::string to_string() const;
  // Number of digits: 4, 6, 8 for dates; up to 17 with time; 2, 4, 6, 9 for times (FHIRPath "precision()").
  int digits() const;

  // A date with the precision Day or less of this moment; a moment of this date.
  Temporal as_date() const;
  Temporal as_date_time() const;
};

// Compares two dates or moments, or two times; a date with a moment by the precision both have. A value
// without zone is compared with one that has a zone only as far as every zone from −12:00 to +14:00 gives the
// same answer.
TemporalOrder compare(const Temporal& a, const Temporal& b);

// value + amount × unit (FHIRPath 2.0 §6.6.3): fractions of the amount are dropped, except for Second; a unit
// finer than the value's precision counts as far as it makes whole units of that precision; 31 January + 1
// month is the last day of February. Times wrap at midnight. None outside the years 1 to 9999, or for a
// calendar unit on a time.
std::optional<Temporal> add(const Temporal& value, const Decimal& amount, CalendarUnit unit);

// The earliest and latest value that `value` can stand for, at a precision of that many digits; none when the
// kind has no such precision. A moment without zone gets +14:00 and −12:00.
std::optional<Temporal> low_boundary(const Temporal& value, int digits);
std::optional<Temporal> high_boundary(const Temporal& value, int digits);

// The word of the FHIRPath calendar duration ("year", "days"), and that unit's definite UCUM code ("d", "wk";
// "a" and "mo" are not calendar units). None for other words.
std::optional<CalendarUnit> calendar_word(std::string_view word);
std::optional<CalendarUnit> calendar_code(std::string_view ucum);

// The current moment with the local zone, milliseconds precise.
Temporal current_moment();

// Days since 1970-01-01 of a proleptic Gregorian date, and length of a month.
std::int64_t days_since_epoch(int year, int month, int day);
int days_in_month(int year, int month);

}  // namespace fhir::path
