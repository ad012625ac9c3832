// The check step of what is written over the API.
#include "tests/gateway/api/api_server.h"

using namespace lienthong;
using namespace lienthong::api;
using Catch::Contains;

namespace {
const std::string kBad = R"({"resourceType":"Patient","gender":"woman","birthDate":"1990-02-30"})";
const std::string kGood = R"({"resourceType":"Patient","gender":"female","birthDate":"1990-02-03"})";

std::string transaction_of(const std::string& resource) {
  return R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":)" + resource +
         R"(,"request":{"method":"POST","url":"Patient"}}]})";
}
}  // namespace

TEST_CASE("A server that rejects answers 422 with all findings in both languages, and stores nothing") {
  ApiServer server({}, CheckMode::Reject);
  const auto refused = server.ask("POST", "/Patient", kBad);
  REQUIRE(refused.status == 422);
  CHECK_THAT(refused.body, Contains("Patient.gender") && Contains("Patient.birthDate"));
  CHECK_THAT(refused.body, Contains("\"vi\""));
  CHECK(server.ask("POST", "/", transaction_of(kBad)).status == 422);
  CHECK(server.changes() == 0);
  CHECK(server.ask("POST", "/Patient", kGood).status == 201);
  CHECK(server.ask("POST", "/", transaction_of(kGood)).status == 200);
}

TEST_CASE("A server that warns stores, and shows the findings to who prefers an OperationOutcome") {
  ApiServer server({}, CheckMode::Warn);
  const auto taken = server.ask("POST", "/Patient", kBad, {{"Prefer", "return=OperationOutcome"}});
  CHECK(taken.status == 201);
  CHECK_THAT(taken.body, Contains("Patient.gender"));
  const auto good = server.ask("POST", "/Patient", kGood, {{"Prefer", "return=OperationOutcome"}});
  CHECK_THAT(good.body, Contains("informational"));
}

TEST_CASE("A server that does not check stores what the repository can") {
  ApiServer server({}, CheckMode::Off);
  CHECK(server.ask("POST", "/Patient", kBad).status == 201);
}
