#include <catch2/catch.hpp>

#include "gateway/convert/cases.h"
#include "tests/gateway/convert/loaded_profile.h"

using namespace lienthong::convert;

TEST_CASE("the cases beside the shipped mappings pass") {
  for (const auto* name : {"hl7v2", "hisnguonmo"}) {
    const auto results = run_cases(shipped_program(name), false);
    REQUIRE(results);
    REQUIRE_FALSE(results->empty());
    for (const auto& result : *results) {
      INFO(result.file << "\n" << result.difference);
      CHECK(result.passed);
    }
  }
}
