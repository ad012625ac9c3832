// transaction and batch over a real connection (FHIR R4 §3.1.0.11).
#include "tests/gateway/api/api_server.h"

using namespace lienthong;
using namespace lienthong::api;
using Catch::Contains;

namespace {
std::string bundle(const std::string& type, const std::string& entries) {
  return R"({"resourceType":"Bundle","type":")" + type + R"(","entry":[)" + entries + "]}";
}
std::string put_entry(const std::string& id, const std::string& more = {}) {
  return R"({"resource":{"resourceType":"Patient","id":")" + id +
         R"("},"request":{"method":"PUT","url":"Patient/)" + id + "\"" + more + "}}";
}
}  // namespace

TEST_CASE("A transaction is answered in the entries' order with status, place and version of each") {
  ApiServer server;
  const auto answer =
      server.ask("POST", "",
                 bundle("transaction", put_entry("a") + "," + put_entry("b") +
                                           R"(,{"request":{"method":"GET","url":"Patient/a"}})"));
  REQUIRE(answer.status == 200);
  const auto body = parsed(answer.body);
  CHECK(std::string(body["type"].GetString()) == "transaction-response");
  REQUIRE(body["entry"].Size() == 3);
  const auto& first = body["entry"][0]["response"];
  CHECK(std::string(first["status"].GetString()) == "201 Created");
  CHECK(std::string(first["location"].GetString()) == "Patient/a/_history/1");
  CHECK(std::string(first["etag"].GetString()) == "W/\"1\"");
  CHECK(std::string(first["lastModified"].GetString()) == "2026-03-02T00:15:00.000Z");
  CHECK(std::string(body["entry"][2]["response"]["status"].GetString()) == "200 OK");
  CHECK(std::string(body["entry"][2]["resource"]["id"].GetString()) == "a");
}

TEST_CASE("A transaction with one entry that cannot be done does nothing") {
  ApiServer server;
  const auto refused = server.ask(
      "POST", "", bundle("transaction", put_entry("a") + "," + put_entry("b", R"(,"ifMatch":"W/\"4\"")")));
  CHECK(refused.status == 412);
  CHECK(server.get("/Patient/a").status == 404);
  CHECK(server.changes() == 0);
  CHECK(server.ask("POST", "", bundle("transaction", put_entry("a") + "," + put_entry("a"))).status == 400);
}

TEST_CASE("In a batch each entry has its own fate, and a failed one its outcome") {
  ApiServer server;
  const auto answer =
      server.ask("POST", "",
                 bundle("batch", put_entry("a") + R"(,{"request":{"method":"GET","url":"Patient/none"}},)" +
                                     put_entry("c")));
  REQUIRE(answer.status == 200);
  const auto body = parsed(answer.body);
  CHECK(std::string(body["type"].GetString()) == "batch-response");
  const auto& failed = body["entry"][1]["response"];
  CHECK(std::string(failed["status"].GetString()) == "404 Not Found");
  CHECK(std::string(failed["outcome"]["resourceType"].GetString()) == "OperationOutcome");
  CHECK(server.get("/Patient/c").status == 200);
}

TEST_CASE("The base takes transactions and batches only") {
  ApiServer server;
  CHECK(server.ask("POST", "", bundle("collection", put_entry("a"))).status == 400);
  CHECK(server.ask("POST", "", ApiServer::resource("Patient", "a", "")).status == 400);
  CHECK(server.ask("POST", "", "{\"resourceType\":\"Bundle\"}").status == 400);
  const auto empty = server.ask("POST", "", R"({"resourceType":"Bundle","type":"transaction"})");
  CHECK(empty.status == 200);
  CHECK(std::string(parsed(empty.body)["type"].GetString()) == "transaction-response");
}

TEST_CASE("A transaction's references between entries become those of the resources made") {
  ApiServer server;
  const auto answer = server.ask("POST", "", bundle("transaction", R"(
    {"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000001","resource":{"resourceType":"Patient"},
     "request":{"method":"POST","url":"Patient"}},
    {"resource":{"resourceType":"Observation","status":"final",
     "subject":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000001"}},
     "request":{"method":"POST","url":"Observation"}})"));
  REQUIRE(answer.status == 200);
  const auto body = parsed(answer.body);
  const std::string patient = body["entry"][0]["response"]["location"].GetString();
  const std::string observation = body["entry"][1]["response"]["location"].GetString();
  CHECK_THAT(server.get("/" + observation).body,
             Contains("\"reference\":\"" + patient.substr(0, patient.find("/_history"))));
}
