#include "fhir-model/path/temporal.h"

#include <catch2/catch.hpp>

using namespace fhir::path;

namespace {

Temporal moment(std::string_view text) {
  const auto value = Temporal::parse_date_time(text);
  REQUIRE(value.has_value());
  return *value;
}

std::string added(std::string_view text, std::string_view amount, CalendarUnit unit) {
  const auto sum = add(moment(text), *Decimal::parse(amount), unit);
  return sum ? sum->to_string() : "none";
}

}  // namespace

TEST_CASE("dates and times keep their precision and zone") {
  for (const char* text : {"2014", "2014-01", "2014-01-25", "2014-01-25T08", "2014-01-25T08:05",
                           "2014-01-25T08:05:59", "2014-01-25T08:05:59.120+07:00", "2014-01-25T08:05:59Z"}) {
    CHECK(moment(text).to_string() == text);
  }
  CHECK(Temporal::parse_time("08:05:00.1")->to_string() == "08:05:00.1");
}

TEST_CASE("impossible dates and times are refused") {
  for (const char* text : {"0000", "2014-13", "2014-02-29", "2014-01-25T24:00", "2014-01-25T08:60", "2014-1",
                           "14", "2014-01T08:00", "2014-01-25T08:05+15:00", "2014-01-25T08:05:00."}) {
    CAPTURE(text);
    CHECK_FALSE(Temporal::parse_date_time(text).has_value());
  }
  CHECK(Temporal::parse_date_time("2016-02-29").has_value());
  CHECK_FALSE(Temporal::parse_time("08:00Z").has_value());
}

TEST_CASE("values of different precision compare as far as they are known") {
  CHECK(compare(moment("2014"), moment("2015-01")) == TemporalOrder::Less);
  CHECK(compare(moment("2014"), moment("2014-01")) == TemporalOrder::Unknown);
  CHECK(compare(moment("2014-01-01T10:00:00"), moment("2014-01-01T10:00:00.000")) == TemporalOrder::Equal);
}

TEST_CASE("moments of different zones compare as instants") {
  CHECK(compare(moment("2017-11-05T01:30:00-04:00"), moment("2017-11-05T00:30:00-05:00")) ==
        TemporalOrder::Equal);
  CHECK(compare(moment("2024-01-01T00:30:00+07:00"), moment("2023-12-31T18:00:00Z")) == TemporalOrder::Less);
}

TEST_CASE("a moment without zone compares only when every zone agrees") {
  CHECK(compare(moment("2024-01-01T12:00:00"), moment("2024-01-01T12:00:00Z")) == TemporalOrder::Unknown);
  CHECK(compare(moment("2024-01-01T12:00:00"), moment("2024-01-03T12:00:00Z")) == TemporalOrder::Less);
}

TEST_CASE("adding months keeps to the end of the month") {
  CHECK(added("2023-01-31", "1", CalendarUnit::Month) == "2023-02-28");
  CHECK(added("2024-02-29", "1", CalendarUnit::Year) == "2025-02-28");
  CHECK(added("2024-01-31", "-2", CalendarUnit::Month) == "2023-11-30");
}

TEST_CASE("adding finer units than the value has counts whole units only") {
  CHECK(added("2024", "23", CalendarUnit::Month) == "2025");
  CHECK(added("2024-03-01", "49", CalendarUnit::Hour) == "2024-03-03");
  CHECK(added("2024-02-28T23:59:59.500Z", "0.5", CalendarUnit::Second) == "2024-02-29T00:00:00.000Z");
}

TEST_CASE("sums outside the calendar are none") {
  CHECK(added("9999-12-31", "1", CalendarUnit::Day) == "none");
  CHECK(added("0001-01-01", "-1", CalendarUnit::Month) == "none");
  CHECK(added("2024-01-01", "99999999999999999", CalendarUnit::Year) == "none");
}

TEST_CASE("times wrap at midnight") {
  CHECK(add(*Temporal::parse_time("23:30"), Decimal::from_integer(1), CalendarUnit::Hour)->to_string() ==
        "00:30");
}

TEST_CASE("boundaries cover everything a value can stand for") {
  CHECK(low_boundary(moment("2014"), 17)->to_string() == "2014-01-01T00:00:00.000+14:00");
  CHECK(high_boundary(moment("2014-02"), 17)->to_string() == "2014-02-28T23:59:59.999-12:00");
  CHECK(high_boundary(*Temporal::parse_date("2016-02"), 8)->to_string() == "2016-02-29");
  CHECK_FALSE(low_boundary(moment("2014"), 5).has_value());
}
