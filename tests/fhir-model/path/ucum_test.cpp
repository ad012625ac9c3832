#include "fhir-model/path/ucum.h"

#include <catch2/catch.hpp>

using namespace fhir::path;

namespace {

std::string converted(std::string_view value, std::string_view from, std::string_view to) {
  const auto x = parse_unit(from);
  const auto y = parse_unit(to);
  if (!x || !y) return "no unit";
  const auto result = convert(*Decimal::parse(value), *x, *y);
  return result ? result->to_string() : "other dimension";
}

}  // namespace

TEST_CASE("UCUM codes of laboratories and wards are understood") {
  for (const char* code :
       {"mg/dL",   "10*9/L",    "mm[Hg]", "%",    "1",          "{score}",  "/min",    "mL/min/{1.73_m2}",
        "[iU]/L",  "umol/L",    "kg/m2",  "Cel",  "[degF]",     "g/(24.h)", "10^3/uL", "m2.kg",
        "[lb_av]", "meq/L",     "U/L",    "[pH]", "ng/mL{FEU}", "KiBy",     "cm[H2O]", "mmol/mol",
        "B[SPL]",  "[arb'U]/mL"}) {
    CAPTURE(code);
    CHECK(parse_unit(code).has_value());
  }
}

TEST_CASE("what is no UCUM code is refused") {
  for (const char* code : {"", " ", "mg dL", "lbs", "mg//dL", "mg/", "kmin", "k%", "{a", "(mg", "mg)", "m2m",
                           "µg", "0", "[in]", "mg{a{b}}", "m100", "."}) {
    CAPTURE(code);
    CHECK_FALSE(parse_unit(code).has_value());
  }
  CHECK_FALSE(parse_unit(std::string(100, '(') + "m" + std::string(100, ')')).has_value());
  CHECK_FALSE(parse_unit(std::string(600, '1')).has_value());
}

TEST_CASE("units convert exactly") {
  CHECK(converted("185", "[lb_av]", "kg") == "83.91458845");
  CHECK(converted("1", "[in_i]", "cm") == "2.54");
  CHECK(converted("5.4", "g/L", "mg/dL") == "540");
  CHECK(converted("120", "mm[Hg]", "kPa") == "15.99864");
  CHECK(converted("1", "wk", "d") == "7");
  CHECK(converted("1", "mg", "mL") == "other dimension");
}

TEST_CASE("temperatures convert with their own zero") {
  CHECK(converted("37", "Cel", "K") == "310.15");
  CHECK(converted("98.6", "[degF]", "Cel") == "37");
  CHECK(converted("37", "Cel", "[degF]") == "98.6");
  CHECK(compare_quantities(Decimal::from_integer(100), *parse_unit("Cel"), Decimal::from_integer(212),
                           *parse_unit("[degF]")) == 0);
}

TEST_CASE("arbitrary units compare with themselves only") {
  CHECK(converted("1000", "m[iU]/mL", "[iU]/mL") == "1");
  CHECK(converted("1", "[iU]", "[arb'U]") == "other dimension");
}

TEST_CASE("quantities have one canonical form per dimension") {
  const auto a = canonical_quantity(*Decimal::parse("5.4"), "g/L");
  const auto b = canonical_quantity(*Decimal::parse("540"), "mg/dL");
  REQUIRE(a.has_value());
  REQUIRE(b.has_value());
  CHECK(a->code == "m-3.g");
  CHECK(a->code == b->code);
  CHECK(Decimal::compare(a->value, b->value) == 0);
  CHECK(canonical_quantity(Decimal::from_integer(1), "{beats}")->code == "1");
}
