#include <catch2/catch.hpp>

#include "gateway/api/http_time.h"
#include "gateway/api/parse_time.h"

using namespace lienthong;
using namespace lienthong::api;

TEST_CASE("Times are written as HTTP and FHIR want them") {
  const Instant at(std::chrono::microseconds(784'111'777'120'000));
  CHECK(http_date(at) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(fhir_instant(at) == "1994-11-06T08:49:37.120Z");
}

TEST_CASE("Instants are read with any zone and come out the same") {
  const auto one = parse_fhir_instant("2026-03-02T07:15:00+07:00");
  const auto other = parse_fhir_instant("2026-03-02T00:15:00.000Z");
  REQUIRE(one.has_value());
  CHECK(one == other);
  CHECK(fhir_instant(*one) == "2026-03-02T00:15:00.000Z");
  CHECK(parse_fhir_instant("2026-03-02T00:15:00.1234567Z").has_value());
}

TEST_CASE("What is no instant is not read as one") {
  for (const auto* text :
       {"", "2026", "2026-03-02", "2026-03-02T07:15:00", "2026-02-30T07:15:00Z", "2026-03-02T24:15:00Z",
        "2026-03-02T07:15:00+7:00", "2026-03-02T07:15:00Zx", "2026-13-02T07:15:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_fhir_instant(text).has_value());
  }
}
