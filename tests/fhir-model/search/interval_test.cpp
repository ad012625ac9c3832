#include <catch2/catch.hpp>

#include "fhir-model/search/date_interval.h"
#include "fhir-model/search/ordered_number.h"

using namespace fhir::search;  // NOLINT
using fhir::path::Decimal;

namespace {

constexpr Microseconds kSecond = 1'000'000;
constexpr Microseconds kDay = 86'400 * kSecond;

DateInterval date(std::string_view text, int zone = 0) {
  const auto interval = parse_date_interval(text, zone);
  INFO(text);
  REQUIRE(interval.has_value());
  return *interval;
}

OrderedNumber ordered(std::string_view text) {
  const auto value = Decimal::parse(text);
  INFO(text);
  REQUIRE(value.has_value());
  return ordered_number(*value);
}

NumberInterval implied(std::string_view text) {
  return implied_interval(*Decimal::parse(text));
}

}  // namespace

TEST_CASE("a date is the interval of all moments it can mean") {
  CHECK(date("1970") == DateInterval{0, 365 * kDay - 1, DatePrecision::Year, false});
  CHECK(date("1972-02") ==
        DateInterval{(2 * 365 + 31) * kDay, (2 * 365 + 31 + 29) * kDay - 1, DatePrecision::Month, false});
  CHECK(date("1970-01-02") == DateInterval{kDay, 2 * kDay - 1, DatePrecision::Day, false});
  CHECK(date("1970-01-01T00:01Z") ==
        DateInterval{60 * kSecond, 120 * kSecond - 1, DatePrecision::Minute, true});
  CHECK(date("1970-01-01T00:00:01Z") == DateInterval{kSecond, 2 * kSecond - 1, DatePrecision::Second, true});
  CHECK(date("1970-01-01T00:00:00.25Z") == DateInterval{250'000, 259'999, DatePrecision::Fraction, true});
  CHECK(date("1970-01-01T00:00:00.0000019Z") == DateInterval{1, 1, DatePrecision::Fraction, true});
}

TEST_CASE("dates before 1970 and the last year are intervals too") {
  CHECK(date("1969-12-31").lo == -kDay);
  CHECK(date("0001").lo < date("0001-01-02").lo);
  CHECK(date("9999").hi == date("9999-12-31T23:59:59.999999Z").hi);
}

TEST_CASE("a zone shifts a moment; without one the configured offset counts") {
  CHECK(date("2024-05-01T07:00:00+07:00").lo == date("2024-05-01T00:00:00Z").lo);
  CHECK(date("2024-05-01T07:00:00", 7 * 60).lo == date("2024-05-01T00:00:00Z").lo);
  CHECK(date("2024-04-30T20:30:00-03:30").lo == date("2024-05-01T00:00:00Z").lo);
  CHECK(date("2024-05-01", 7 * 60).lo == date("2024-04-30T17:00:00Z").lo);
  CHECK(date("2024-05-01", 7 * 60).hi == date("2024-05-01T17:00:00Z").lo - 1);
  CHECK(date("2024", 7 * 60).hi == date("2025", 7 * 60).lo - 1);
}

TEST_CASE("what is no date has no interval") {
  const auto text = GENERATE("", "202", "0000", "2024-", "2024-00", "2024-13", "2023-02-29", "2024-04-31",
                             "2024-05-01T", "2024-05-01T10", "2024-05-01T24:00", "2024-05-01T10:60",
                             "2024-05-01T10:00:00.", "2024-05-01T10:00:00+7", "2024-05-01T10:00:00+07:00x",
                             "2024-05-01 10:00", "20240501", "2024-5-1");
  INFO(text);
  CHECK_FALSE(parse_date_interval(text, 0).has_value());
}

TEST_CASE("ordered numbers sort like the numbers") {
  const std::vector<std::string_view> sorted = {"-1e300",
                                                "-123456789012345678",
                                                "-100.5",
                                                "-100",
                                                "-99.99999",
                                                "-1",
                                                "-0.5",
                                                "-1e-200",
                                                "0",
                                                "1e-300",
                                                "0.000001",
                                                "0.5",
                                                "0.99999999999999",
                                                "1",
                                                "1.0000000001",
                                                "9",
                                                "10",
                                                "99.5",
                                                "100",
                                                "100.00001",
                                                "1e20",
                                                "12345678901234567890123456789",
                                                "1e300"};
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    INFO(sorted[i - 1] << " < " << sorted[i]);
    CHECK(ordered(sorted[i - 1]) < ordered(sorted[i]));
  }
}

TEST_CASE("equal numbers have equal order however written") {
  CHECK(ordered("1.50") == ordered("1.5"));
  CHECK(ordered("1e2") == ordered("100.000"));
  CHECK(ordered("-0.0") == ordered("0"));
  CHECK(ordered("9999999999999999.6") == ordered("10000000000000000"));  // 17 digits round to 16
  CHECK(ordered("0") == 0);
}

TEST_CASE("ordered numbers of 16 digits come back exactly") {
  const auto text = GENERATE("0", "1", "-1.5", "1234567890123456", "0.000000000000001", "-9999999999999999");
  CHECK(Decimal::compare(decimal_of(ordered(text)), *Decimal::parse(text)) == 0);
}

TEST_CASE("a number implies an interval by its precision") {
  const auto within = [](const NumberInterval& interval, std::string_view text) {
    return interval.lo <= ordered(text) && ordered(text) <= interval.hi;
  };
  CHECK(within(implied("100"), "99.5"));
  CHECK_FALSE(within(implied("100"), "100.5"));
  CHECK(within(implied("100"), "100.4999"));
  CHECK_FALSE(within(implied("100"), "99.4999"));
  CHECK(within(implied("100.00"), "99.995"));
  CHECK_FALSE(within(implied("100.00"), "100.005"));
  CHECK(within(implied("1e2"), "95"));  // the specification's own example
  CHECK_FALSE(within(implied("1e2"), "105"));
  CHECK(within(implied("0"), "-0.5"));
  CHECK_FALSE(within(implied("0"), "0.5"));
  CHECK(within(implied("-5"), "-5.5"));
}
