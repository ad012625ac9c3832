#include "fhir-model/document/top_level_members.h"

#include <catch2/catch.hpp>
#include <string>

namespace {

std::string split(std::string_view json) {
  std::vector<fhir::TopLevelMember> members;
  const auto result = fhir::split_top_level(json, members);
  if (!result) return "error at " + std::to_string(result.error().offset);
  std::string out;
  for (const auto& member : members) out += std::string(member.name) + "=" + std::string(member.value) + ";";
  return out;
}

}  // namespace

TEST_CASE("splitter: top-level members with their values as written") {
  CHECK(split("{}") == "");
  CHECK(
      split(" { \"a\" : 1.50 , \"b\":\"x,}\\\"{\" ,\"c\":[1,{\"d\":\"]\"}],\"e\":{\"f\":{}},\"g\":null } ") ==
      "a=1.50;b=\"x,}\\\"{\";c=[1,{\"d\":\"]\"}];e={\"f\":{}};g=null;");
  CHECK(split("{\"long\":\"" + std::string(100, 'x') + "\\\\\",\"n\":[" + std::string(50, '[') +
              std::string(50, ']') + "]}") == "long=\"" + std::string(100, 'x') + "\\\\\";n=[" +
                                                  std::string(50, '[') + std::string(50, ']') + "];");
}

TEST_CASE("splitter: what is no object or is cut off is an error") {
  CHECK(split("") == "error at 0");
  CHECK(split("[]") == "error at 0");
  CHECK(split("{\"a\":1") == "error at 6");
  CHECK(split("{\"a\":\"x}") == "error at 5");
  CHECK(split("{\"a\":[1}") == "error at 8");
  CHECK(split("{\"a\":}") == "error at 5");
  CHECK(split("{\"a\":1}x") == "error at 7");
}
