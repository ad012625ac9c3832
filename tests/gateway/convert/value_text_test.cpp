#include "gateway/convert/value_text.h"

#include <catch2/catch.hpp>
#include <string>

using namespace lienthong::convert;

namespace {

std::string number(std::string_view text, char sign = '.') {
  const auto read = read_number(text, sign);
  return read ? std::string(read->view()) : "none";
}

std::string date_time(std::string_view text) {
  const auto read = read_time(text);
  return read ? std::string(write_date_time(*read, 7 * 60).view()) : "none";
}

}  // namespace

TEST_CASE("numbers keep their digits") {
  CHECK(number("12.50") == "12.50");
  CHECK(number("+5") == "5");
  CHECK(number("-0.10") == "-0.10");
  CHECK(number(".5") == "0.5");
  CHECK(number("007") == "7");
  CHECK(number("5.") == "5");
  CHECK(number("123456789012345678901234567890.123456789") == "123456789012345678901234567890.123456789");
}

TEST_CASE("what is no number, or could be read two ways, is none") {
  for (const auto* text : {"", "-", ".", "1e5", "abc", "1 000", "1,200", "7,5", "0x10", "1.2.3",
                           "12345678901234567890123456789012345678901"}) {
    CHECK(number(text) == "none");
  }
  CHECK(number("7,5", ',') == "7.5");
  CHECK(number("1.200", '\0') == "none");
  CHECK(number("1.20", '\0') == "1.20");
}

TEST_CASE("a comparator is split from its number") {
  std::string_view rest;
  CHECK(leading_comparator("<= 5", rest) == "<=");
  CHECK(rest == "5");
  CHECK(leading_comparator("0.1", rest).empty());
  CHECK(rest == "0.1");
}

TEST_CASE("times keep their precision; seconds and zone are added only where hours are given") {
  CHECK(date_time("1975") == "1975");
  CHECK(date_time("197505") == "1975-05");
  CHECK(date_time("19750512") == "1975-05-12");
  CHECK(date_time("1975051208") == "1975-05-12");
  CHECK(date_time("197505120830") == "1975-05-12T08:30:00+07:00");
  CHECK(date_time("19750512083015.25-0500") == "1975-05-12T08:30:15.25-05:00");
  CHECK(date_time("2024-02-29T10:00:00Z") == "2024-02-29T10:00:00+00:00");
}

TEST_CASE("dates that do not exist are none") {
  for (const auto* text : {"", "0000", "20230229", "202313", "2015122214004", "20240101250000", "19900230",
                           "abc", "20240101T"}) {
    CHECK(date_time(text) == "none");
  }
}

TEST_CASE("a moment takes its zone into account") {
  const auto with_zone = read_time("20240305081530+0700");
  const auto without = read_time("20240305081530");
  REQUIRE(with_zone);
  REQUIRE(without);
  CHECK(to_instant(*with_zone, 0) == to_instant(*without, 7 * 60));
  CHECK(to_instant(*without, 0) - to_instant(*without, 7 * 60) == std::chrono::hours(7));
}
