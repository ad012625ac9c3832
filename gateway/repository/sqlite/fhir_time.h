#pragma once
// Instants as FHIR texts and back.

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"

namespace lienthong::repository::sqlite {

// "2026-01-02T10:00:00+07:00" in the given zone ("Z", "+07:00"); fractions only when there are any
// (milliseconds). A zone that is none counts as Z.
std::string format_date_time(Instant time, std::string_view zone);
// FHIR instant in UTC with milliseconds: meta.lastUpdated.
std::string format_instant(Instant time);

// What a date of a search means: from the first to the last microsecond (R4 §3.1.1.4.7); "2026-01" is a
// month. Without a zone the text is UTC. nullopt when it is no date.
struct TimeRange {
  Instant first, last;
};
std::optional<TimeRange> parse_time_range(std::string_view text);

}  // namespace lienthong::repository::sqlite
