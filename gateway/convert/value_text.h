#pragma once
// Texts of sources as FHIR writes them: numbers to the digit (semantics 12), times with their precision
// (semantics 13).

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/base/clock.h"

namespace lienthong::convert {

// A short text without memory of its own.
struct ShortText {
  std::array<char, 48> bytes;
  std::uint8_t size = 0;
  std::string_view view() const noexcept { return {bytes.data(), size}; }
  void add(char c) noexcept {
    if (size < bytes.size()) bytes[size++] = c;
  }
  void add(std::string_view text) noexcept {
    const auto count = text.size() < bytes.size() - size ? text.size() : bytes.size() - size;
    for (std::size_t i = 0; i < count; ++i) bytes[size + i] = text[i];
    size = static_cast<std::uint8_t>(size + count);
  }
  void add_two_digits(int value) noexcept {  // 0 … 99
    add(static_cast<char>('0' + value / 10));
    add(static_cast<char>('0' + value % 10));
  }
};

// The number as JSON writes it: same digits, without a plus sign or needless leading zeros; ".5" becomes
// "0.5". `decimal_sign`: the one declared for the source, '\0' = none is declared: then a number that could
// be read two ways
// ("1.200") is none; kNoNumber = the text must not be read as a number. Nothing if it is not a number. Never
// rounds; at most 40 characters.
inline constexpr char kNoNumber = 'x';
std::optional<ShortText> read_number(std::string_view text, char decimal_sign) noexcept;

// Splits "<= 5" into its comparator ("<", "<=", ">=", ">"; empty if none) and the rest.
std::string_view leading_comparator(std::string_view text, std::string_view& rest) noexcept;

// A date or time as a source states it.
struct TimeParts {
  // How much of it is there. Hour without minutes counts as Day, with `hour_only`.
  enum class Precision : std::uint8_t { Year, Month, Day, Minute, Second };
  Precision precision = Precision::Year;
  bool hour_only = false;
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  std::string_view fraction;  // digits behind the seconds' point
  std::optional<int> offset_minutes;
};

// Reads HL7's yyyy[MM[dd[HH[mm[ss[.f]]]]]][+zzzz] and ISO 8601 (with - : T). Nothing when it is no real date.
std::optional<TimeParts> read_time(std::string_view text) noexcept;

// FHIR date: what there is up to the day.
ShortText write_date(const TimeParts& time) noexcept;
// FHIR dateTime: `:00` seconds and the zone `offset_minutes` are added where hours are given and they are
// not.
ShortText write_date_time(const TimeParts& time, int offset_minutes) noexcept;
// FHIR instant; nothing unless hours are given.
std::optional<ShortText> write_instant(const TimeParts& time, int offset_minutes) noexcept;
// FHIR time from HHmm[ss[.f]] or HH:mm[:ss]; nothing if it is none.
std::optional<ShortText> read_time_of_day(std::string_view text) noexcept;

// The moment it means; missing parts are the earliest.
Instant to_instant(const TimeParts& time, int offset_minutes) noexcept;

// "+07:00", "+0700" or "Z" in minutes.
std::optional<int> read_offset(std::string_view text) noexcept;

}  // namespace lienthong::convert
