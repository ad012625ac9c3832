// create, update, delete and their conditions over a real connection (FHIR R4 §3.1.0.4 to §3.1.0.10).
#include "tests/gateway/api/api_server.h"

using namespace lienthong;
using namespace lienthong::api;
using Catch::Contains;

namespace {
const std::string kAn = R"({"resourceType":"Patient","identifier":[{"system":"urn:x","value":"7"}]})";

std::string id_in(const net::ClientResponse& response) {
  return parsed(response.body)["id"].GetString();
}
}  // namespace

TEST_CASE("A create is answered 201 with the place, the version and the resource") {
  ApiServer server;
  const auto made = server.ask("POST", "/Patient", kAn);
  REQUIRE(made.status == 201);
  const auto id = id_in(made);
  CHECK(made.header("Location") == server.base() + "/Patient/" + id + "/_history/1");
  CHECK(made.header("ETag") == "W/\"1\"");
  CHECK(made.header("Last-Modified") == "Mon, 02 Mar 2026 00:15:00 GMT");
  CHECK(made.header("Content-Type") == "application/fhir+json; charset=utf-8");
  CHECK(server.get("/Patient/" + id).body == made.body);
  CHECK(server.changes() == 1);
}

TEST_CASE("The id in a create's body is not taken: the server gives its own") {
  ApiServer server;
  const auto made = server.ask("POST", "/Patient", ApiServer::resource("Patient", "mine", ""));
  REQUIRE(made.status == 201);
  CHECK(id_in(made) != "mine");
  CHECK(server.get("/Patient/mine").status == 404);
}

TEST_CASE("A read has version and time; with the version known it is 304 without a body") {
  ApiServer server;
  server.put("Patient", "an");
  const auto read = server.get("/Patient/an");
  REQUIRE(read.status == 200);
  CHECK(read.header("ETag") == "W/\"1\"");
  CHECK(read.header("Last-Modified") == "Mon, 02 Mar 2026 00:15:00 GMT");
  CHECK(std::string(parsed(read.body)["meta"]["versionId"].GetString()) == "1");
  for (const auto* tag : {"W/\"1\"", "\"1\"", "W/\"9\", W/\"1\"", "*"}) {
    CAPTURE(tag);
    const auto same = server.get("/Patient/an", {{"If-None-Match", tag}});
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    CHECK(same.header("ETag") == "W/\"1\"");
  }
  for (const auto* tag : {"W/\"2\"", "W/\"11\"", "1"}) {
    CAPTURE(tag);
    CHECK(server.get("/Patient/an", {{"If-None-Match", tag}}).status == 200);
  }
}

TEST_CASE("HEAD says what GET says, without the body") {
  ApiServer server;
  server.put("Patient", "an");
  const auto head = server.ask("HEAD", "/Patient/an");
  CHECK(head.status == 200);
  CHECK(head.body.empty());
  CHECK(head.header("ETag") == "W/\"1\"");
  CHECK(server.ask("HEAD", "/metadata").status == 200);
  CHECK(server.ask("HEAD", "/Patient").status == 200);
}

TEST_CASE("An update makes the resource (201), then versions (200), and none for the same content") {
  ApiServer server;
  const auto made = server.put("Patient", "an", R"("gender":"male")");
  CHECK(made.status == 201);
  CHECK(made.header("Location") == server.base() + "/Patient/an/_history/1");
  const auto updated = server.put("Patient", "an", R"("gender":"female")");
  CHECK(updated.status == 200);
  CHECK(updated.header("ETag") == "W/\"2\"");
  CHECK(server.put("Patient", "an", R"("gender":"female")").header("ETag") == "W/\"2\"");
  CHECK(server.changes() == 2);
  CHECK_THAT(server.get("/Patient/an/_history/1").body, Contains("\"male\""));
  CHECK_THAT(server.get("/Patient/an").body, Contains("\"female\""));
  CHECK(server.get("/Patient/an/_history/3").status == 404);
}

TEST_CASE("An update with If-Match writes that version only, else 412") {
  ApiServer server;
  server.put("Patient", "an", R"("gender":"male")");
  CHECK(server.put("Patient", "an", R"("gender":"female")", {{"If-Match", "W/\"2\""}}).status == 412);
  CHECK(server.put("Patient", "an", R"("gender":"female")", {{"If-Match", "W/\"1\""}}).status == 200);
  CHECK(server.put("Patient", "nobody", "", {{"If-Match", "W/\"1\""}}).status == 412);
  CHECK(server.put("Patient", "an", "", {{"If-Match", "one"}}).status == 400);
}

TEST_CASE("A body that is no resource of the path's type and id is 400") {
  ApiServer server;
  for (const auto* body :
       {"{", "[]", "\"Patient\"", R"({"id":"an"})", R"({"resourceType":"Observation","id":"an"})",
        R"({"resourceType":"Patient"})", R"({"resourceType":"Patient","id":"other"})",
        R"({"resourceType":"Patient","id":"an"} {})",
        R"({"resourceType":"Patient","id":"an","x":1,"x":2,)"}) {
    CAPTURE(body);
    CHECK(server.ask("PUT", "/Patient/an", body).status == 400);
  }
  CHECK(server.ask("PUT", "/Patient/an").status == 400);
  CHECK(server.ask("POST", "/Patient").status == 400);
  CHECK(server.put("Patient", "a_b").status == 400);
  CHECK(server.changes() == 0);
}

TEST_CASE("A deleted resource is 410, its old versions stay, and an update brings it back") {
  ApiServer server;
  server.put("Patient", "an");
  const auto gone = server.ask("DELETE", "/Patient/an");
  CHECK(gone.status == 204);
  CHECK(gone.body.empty());
  CHECK(server.get("/Patient/an").status == 410);
  CHECK(server.get("/Patient/an/_history/1").status == 200);
  CHECK(server.get("/Patient/an/_history/2").status == 410);
  CHECK(server.ask("DELETE", "/Patient/an").status == 204);
  CHECK(server.ask("DELETE", "/Patient/never").status == 204);
  CHECK(server.changes() == 2);
  const auto back = server.put("Patient", "an");
  CHECK(back.status == 201);
  CHECK(back.header("ETag") == "W/\"3\"");
}

TEST_CASE("A conditional create makes one, finds it (200) the second time, and refuses several (412)") {
  ApiServer server;
  const std::vector<net::HeaderPair> condition = {{"If-None-Exist", "identifier=urn:x|7"}};
  const auto first = server.ask("POST", "/Patient", kAn, condition);
  CHECK(first.status == 201);
  const auto second = server.ask("POST", "/Patient", kAn, condition);
  CHECK(second.status == 200);
  CHECK(second.header("Location") == first.header("Location"));
  CHECK(second.header("ETag") == "W/\"1\"");
  CHECK(server.changes() == 1);
  server.ask("POST", "/Patient", kAn);
  CHECK(server.ask("POST", "/Patient", kAn, condition).status == 412);
  CHECK(server.ask("POST", "/Patient", kAn, {{"If-None-Exist", "nonsense=1"}}).status == 400);
}

TEST_CASE("A conditional update and delete act on the one that meets the condition") {
  ApiServer server;
  const std::string query = "/Patient?identifier=urn%3Ax%7C7";
  CHECK(server.ask("PUT", query, kAn).status == 201);
  const auto again = server.ask(
      "PUT", query,
      R"({"resourceType":"Patient","gender":"male","identifier":[{"system":"urn:x","value":"7"}]})");
  CHECK(again.status == 200);
  CHECK(again.header("ETag") == "W/\"2\"");
  CHECK(server.ask("DELETE", query).status == 204);
  CHECK(server.get("/Patient/" + id_in(again)).status == 410);
  CHECK(server.ask("DELETE", query).status == 204);
  server.ask("POST", "/Patient", kAn);
  server.ask("POST", "/Patient", kAn);
  CHECK(server.ask("PUT", query, kAn).status == 412);
  CHECK(server.ask("DELETE", query).status == 412);
}

TEST_CASE("Prefer chooses what a write answers; headers stay") {
  ApiServer server;
  const auto minimal = server.put("Patient", "a", "", {{"Prefer", "return=minimal"}});
  CHECK(minimal.status == 201);
  CHECK(minimal.body.empty());
  CHECK(minimal.header("ETag") == "W/\"1\"");
  const auto outcome = server.put("Patient", "b", "", {{"Prefer", "return=OperationOutcome"}});
  CHECK(outcome.status == 201);
  CHECK(ApiServer::is_outcome(outcome));
  CHECK_THAT(server.put("Patient", "c", "", {{"Prefer", "return=representation"}}).body, Contains("Patient"));
}

TEST_CASE("Bodies are JSON, by whatever spelling of the media type; anything else is 415") {
  ApiServer server;
  const auto with = [&](const std::string& type) {
    return server.put("Patient", "an", "", {{"Content-Type", type}}).status;
  };
  CHECK(with("application/fhir+json") == 201);
  CHECK(with("application/json") == 200);
  CHECK(with("Application/FHIR+JSON ; charset=UTF-8") == 200);
  CHECK(with("application/json;charset=utf-8") == 200);
  CHECK(with("application/fhir+xml") == 415);
  CHECK(with("application/json-patch+json") == 415);
  CHECK(with("text/plain") == 415);
}

TEST_CASE("A body above the limit is 413, with an OperationOutcome") {
  ApiServer server;
  const auto large = R"("name":[{"text":")" + std::string(2 << 20, 'x') + R"("}])";
  const auto refused = server.put("Patient", "an", large);
  CHECK(refused.status == 413);
  CHECK(ApiServer::is_outcome(refused));
}

TEST_CASE("What a feed owns is not overwritten: 409") {
  ApiServer server({{"hospital", "secret", FacilityId{7}, true}, {"clerk", "other", {}, true}});
  const net::HeaderPair hospital{"Authorization", "Bearer secret"}, clerk{"Authorization", "Bearer other"};
  const std::string bundle = R"({"resourceType":"Bundle","type":"transaction","entry":[
    {"extension":[{"url":"urn:lienthong:change-sequence","valueString":"5"}],
     "resource":{"resourceType":"Patient","id":"an"},"request":{"method":"PUT","url":"Patient/an"}}]})";
  CHECK(server.ask("POST", "", bundle, {hospital}).status == 200);
  CHECK(server.put("Patient", "an", R"("gender":"male")", {clerk}).status == 409);
  CHECK(server.ask("DELETE", "/Patient/an", "", {clerk}).status == 409);
  CHECK(server.put("Patient", "an", R"("gender":"male")", {hospital}).status == 400);  // no sequence
}
