#include "fhir-model/path/decimal.h"

#include <catch2/catch.hpp>

using fhir::path::Decimal;

namespace {

Decimal decimal(std::string_view text) {
  const auto value = Decimal::parse(text);
  REQUIRE(value.has_value());
  return *value;
}

}  // namespace

TEST_CASE("decimals keep the digits they were written with") {
  CHECK(decimal("1.50").to_string() == "1.50");
  CHECK(decimal("-0.001").to_string() == "-0.001");
  CHECK(decimal("1e3").to_string() == "1000");
  CHECK(decimal("1.5E-3").to_string() == "0.0015");
  CHECK(decimal("0.00").scale() == 2);
}

TEST_CASE("decimals refuse what is no number or too long") {
  for (const char* text : {"", "-", ".", "1.", "1.e3", "1e", "1e99999", "1x", "--1", "1e+-3"}) {
    CAPTURE(text);
    CHECK_FALSE(Decimal::parse(text).has_value());
  }
  CHECK(Decimal::parse(std::string(36, '9')).has_value());
  CHECK_FALSE(Decimal::parse(std::string(37, '9')).has_value());
  CHECK_FALSE(Decimal::parse(std::string(10000, '9')).has_value());
}

TEST_CASE("decimal sums and products are exact") {
  CHECK((decimal("0.1") + decimal("0.2")).to_string() == "0.3");
  CHECK((decimal("1.8") - decimal("1.2")).to_string() == "0.6");
  CHECK((decimal("1.2") * decimal("1.8")).to_string() == "2.16");
  CHECK((decimal("1") - decimal("0.00000000000000000000000000000000001")).to_string() ==
        "0.99999999999999999999999999999999999");
  CHECK((decimal("123456789012345678901234567890123456") * decimal("10")).to_string() ==
        "1234567890123456789012345678901234560");
  CHECK((decimal("1e100") + decimal("1")).normalized().to_string() == decimal("1e100").to_string());
}

TEST_CASE("decimal quotients have 28 digits and shed trailing zeros") {
  CHECK(Decimal::divide(decimal("1"), decimal("2"))->to_string() == "0.5");
  CHECK(Decimal::divide(decimal("4.0"), decimal("2.0"))->to_string() == "2");
  CHECK(Decimal::divide(decimal("1"), decimal("3"))->to_string() == "0.3333333333333333333333333333");
  CHECK(Decimal::divide(decimal("2"), decimal("-3"))->to_string() == "-0.6666666666666666666666666667");
  CHECK_FALSE(Decimal::divide(decimal("1"), decimal("0.0")).has_value());
}

TEST_CASE("decimal division without fraction keeps the sign of the dividend") {
  CHECK(Decimal::divide_whole(decimal("-7"), decimal("2"))->to_string() == "-3");
  CHECK(Decimal::remainder(decimal("-7"), decimal("2"))->to_string() == "-1");
  CHECK(Decimal::remainder(decimal("2.2"), decimal("1.8"))->to_string() == "0.4");
}

TEST_CASE("decimals compare by value over the whole range") {
  CHECK(Decimal::compare(decimal("1.0"), decimal("1")) == 0);
  CHECK(Decimal::compare(decimal("-2"), decimal("1")) < 0);
  CHECK(Decimal::compare(decimal("1e30"), decimal("999999999999999999999999999999")) > 0);
  CHECK(Decimal::compare(decimal("-1e-300"), decimal("0")) < 0);
  CHECK(decimal("1.50").hash() == decimal("1.5").hash());
}

TEST_CASE("decimals round half away from zero, and towards either side on request") {
  using Rounding = Decimal::Rounding;
  CHECK(decimal("2.5").rounded(0, Rounding::HalfUp).to_string() == "3");
  CHECK(decimal("-2.5").rounded(0, Rounding::HalfUp).to_string() == "-3");
  CHECK(decimal("-2.1").rounded(0, Rounding::Floor).to_string() == "-3");
  CHECK(decimal("2.1").rounded(0, Rounding::Ceiling).to_string() == "3");
  CHECK(decimal("2.9").rounded(0, Rounding::Truncate).to_string() == "2");
}

TEST_CASE("roots and powers of decimals are exact where they exist") {
  CHECK(Decimal::square_root(decimal("81"))->to_string() == "9");
  CHECK(Decimal::square_root(decimal("2"))->to_string().starts_with("1.41421356237309504880168872"));
  CHECK_FALSE(Decimal::square_root(decimal("-1")).has_value());
  CHECK(Decimal::power(decimal("2.5"), 2)->to_string() == "6.25");
  CHECK(Decimal::power(decimal("2"), -1)->to_string() == "0.5");
  CHECK(Decimal::power(decimal("10"), 1000)->to_string().size() == 1001);
}
