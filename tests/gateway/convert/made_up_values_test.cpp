// Constants of exporting programs (semantics 17): four or more in one place, never fewer.
#include "gateway/convert/made_up_values.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace lienthong::convert {
namespace {

constexpr std::string_view kHeader = "code,text,system,target code,display,target system,comment\n";
constexpr std::string_view kRows =
    "one|urn:v|T|36.5|Cel,,,temperature,,,\n"
    "one|urn:v|P|80|/min,,,pulse,,,\n"
    "one|urn:v|S D|120 80|mm[Hg],,,blood-pressure,,,\n"
    "one|urn:v|R|20|,,,respiratory-rate,,,\n"
    "one|urn:v|R2|20|,,,respiratory-rate,,,\n"
    "two|urn:v|P|72|,,,pulse,,,\n"
    "two|urn:v|T|36.5|,,,temperature,,,\n";

MadeUpValues values_of(std::string_view rows, Diagnostics& diagnostics) {
  CodeTable table("made-up-values", "made-up-values.csv");
  table.read("made-up-values.csv", std::string(kHeader) + std::string(rows), diagnostics);
  return MadeUpValues(&table, diagnostics);
}

MadeUpValues values() {
  Diagnostics diagnostics;
  auto made = values_of(kRows, diagnostics);
  REQUIRE(diagnostics.error_count() == 0);
  return made;
}

std::string coded(std::string_view code, std::string_view value, std::string_view unit) {
  return R"("code":{"coding":[{"system":"urn:v","code":")" + std::string(code) +
         R"("}]},"valueQuantity":{"value":)" + std::string(value) +
         (unit.empty() ? "" : R"(,"unit":"x","code":")" + std::string(unit) + "\"") + "}";
}

std::string vital(std::string_view code, std::string_view value, std::string_view unit = {},
                  std::string_view time = "2026-03-02T08:00:00+07:00", std::string_view visit = "V") {
  return R"({"resourceType":"Observation","subject":{"reference":"Patient/1"},"encounter":{"reference":"Encounter/)" +
         std::string(visit) + R"("},"effectiveDateTime":")" + std::string(time) + "\"," +
         coded(code, value, unit) + "}";
}

std::vector<MadeUpValues::Found> found(const std::vector<std::string>& observations) {
  const std::vector<std::string_view> views(observations.begin(), observations.end());
  return values().find(views);
}

}  // namespace

TEST_CASE("made-up values: four constants of one exporter in one place are found, and nothing else there") {
  const auto all = found({vital("T", "36.5", "Cel"), vital("P", "80"), vital("X", "80"), vital("S", "120"),
                          vital("D", "80"), vital("R", "20.0"), vital("T", "37.1")});
  REQUIRE(all.size() == 1);
  CHECK(all[0].exporter == "one");
  CHECK(all[0].constants == 4);
  CHECK(all[0].observations == std::vector<std::size_t>{0, 1, 3, 4, 5});
}

TEST_CASE("made-up values: three mean nothing") {
  CHECK(found({vital("T", "36.5"), vital("P", "80"), vital("S", "120"), vital("D", "80")}).empty());
  SECTION("half a pair is none") {
    CHECK(found({vital("T", "36.5"), vital("P", "80"), vital("S", "120"), vital("D", "75"), vital("R", "20")})
              .empty());
  }
  SECTION("the same constant in two ways, or twice, is one") {
    CHECK(found({vital("T", "36.5"), vital("P", "80"), vital("P", "80"), vital("R", "20"), vital("R2", "20")})
              .empty());
  }
  SECTION("constants of two exporters do not add up") {
    CHECK(found({vital("T", "36.5"), vital("P", "72"), vital("R", "20"), vital("S", "120"), vital("D", "80")})
              .empty());
  }
  SECTION("another unit is another value") {
    CHECK(found({vital("T", "36.5", "[degF]"), vital("P", "80"), vital("R", "20"), vital("S", "120"),
                 vital("D", "80")})
              .empty());
  }
  SECTION("another time or another visit is another place") {
    CHECK(found({vital("T", "36.5"), vital("P", "80"), vital("S", "120"), vital("D", "80"),
                 vital("R", "20", "", "2026-03-02T08:01:00+07:00")})
              .empty());
    CHECK(found({vital("T", "36.5"), vital("P", "80"), vital("S", "120"), vital("D", "80"),
                 vital("R", "20", "", "2026-03-02T08:00:00+07:00", "W")})
              .empty());
  }
}

TEST_CASE("made-up values: components count as their Observation") {
  std::string pressure = vital("X", "0");
  pressure.insert(pressure.size() - 1, R"(,"component":[{)" + coded("S", "120", "mm[Hg]") + "},{" +
                                           coded("D", "80", "mm[Hg]") + "}]");
  const auto all = found({vital("T", "36.5"), pressure, vital("P", "80"), vital("R", "20")});
  REQUIRE(all.size() == 1);
  CHECK(all[0].observations == std::vector<std::size_t>{0, 1, 2, 3});
  CHECK(values().count_codes(pressure) == 2);
}

TEST_CASE("made-up values: codes are counted before anything is read") {
  CHECK(values().count_codes(vital("T", "1")) == 1);
  CHECK(values().count_codes(vital("X", "36.5")) == 0);
  CHECK(values().count_codes(R"({"code":{"text":"T"}})") == 0);
  CHECK(MadeUpValues().count_codes(vital("T", "1")) == 0);
}

TEST_CASE("made-up values: a row that is not of the table's form is an error at its line") {
  for (const char* row :
       {"one|urn:v|T|36.5,,,t,,,\n", "one|urn:v|T|36.5|Cel,,,,,,\n", "one|urn:v|T U|36.5|,,,t,,,\n",
        "one|urn:v|T|x|,,,t,,,\n", "|urn:v|T|1|,,,t,,,\n"}) {
    INFO(row);
    Diagnostics diagnostics;
    const auto made = values_of(row, diagnostics);
    CHECK(diagnostics.error_count() == 1);
    CHECK(made.count_codes(vital("T", "1")) == 0);
  }
}

}  // namespace lienthong::convert
