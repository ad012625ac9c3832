#pragma once
// Dates and moments as closed intervals of microseconds: the form in which they are indexed and compared.

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace fhir::search {

// Microseconds since 1970-01-01T00:00:00Z.
using Microseconds = std::int64_t;
inline constexpr Microseconds kOpenStart = std::numeric_limits<Microseconds>::min();
inline constexpr Microseconds kOpenEnd = std::numeric_limits<Microseconds>::max();

enum class DatePrecision : std::uint8_t { Year, Month, Day, Minute, Second, Fraction };

// All moments that a written date can mean, first and last included; kOpenStart and kOpenEnd for periods
// without start or end.
struct DateInterval {
  Microseconds lo = kOpenStart;
  Microseconds hi = kOpenEnd;
  DatePrecision precision = DatePrecision::Day;  // of a period: of its coarser end
  bool has_zone = false;                         // false: a configured offset was assumed
  friend bool operator==(const DateInterval&, const DateInterval&) = default;
};

// "2014", "2014-01", "2014-01-25", "2014-01-25T08:05[:00[.123]][Z|+07:00]"; without zone at `zone_minutes`
// east of Greenwich (semantics.md rule 13). Years 1 to 9999; second 60 is the next minute's start; digits
// behind the microseconds are dropped. None when malformed or no such date. Any thread.
std::optional<DateInterval> parse_date_interval(std::string_view text, int zone_minutes);

}  // namespace fhir::search
