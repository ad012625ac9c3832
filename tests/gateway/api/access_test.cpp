#include "gateway/api/access.h"

#include <catch2/catch.hpp>

using namespace lienthong;
using namespace lienthong::api;

namespace {
const std::vector<Token> kTokens = {{"reader", "secret-one", {}, false},
                                    {"hospital", "secret-two", FacilityId{7}, true}};

net::Request with(std::string_view authorization) {
  return net::Request::make("GET", "/fhir/Patient/1", {{"Authorization", std::string(authorization)}});
}
}  // namespace

TEST_CASE("Without configured tokens everyone who can connect may read and write") {
  CHECK(access_of({}, net::Request::make("GET", "/"), true).status == 200);
}

TEST_CASE("A token opens what it is for and nothing else") {
  CHECK(access_of(kTokens, with("Bearer secret-one"), false).status == 200);
  CHECK(access_of(kTokens, with("Bearer secret-one"), true).status == 403);
  const auto access = access_of(kTokens, with("Bearer secret-two"), true);
  CHECK(access.status == 200);
  CHECK(access.who == "hospital");
  CHECK(access.facility == FacilityId{7});
}

TEST_CASE("No token, another scheme, an empty or wrong secret are 401") {
  CHECK(access_of(kTokens, net::Request::make("GET", "/"), false).status == 401);
  for (const auto* header : {"", "Bearer", "Bearer ", "Basic secret-one", "Bearer secret-one ",
                             "Bearer secret-on", "secret-one"}) {
    CAPTURE(header);
    CHECK(access_of(kTokens, with(header), false).status == 401);
  }
}

TEST_CASE("The comparison sees every byte") {
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(equal_in_constant_time("abc", "xbc"));
  CHECK_FALSE(equal_in_constant_time("abc", "ab"));
  CHECK(equal_in_constant_time("", ""));
}
