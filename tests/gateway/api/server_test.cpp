// What is true of every path: who may, what there is, and that each refusal is an OperationOutcome.
#include <algorithm>

#include "gateway/net/stream_client.h"
#include "tests/gateway/api/api_server.h"

using namespace lienthong;
using namespace lienthong::api;
using Catch::Contains;

namespace {

// Values that parameters of a type take; composites have parts of different types.
std::vector<std::string> values_of(const std::string& type) {
  if (type == "date") return {"2026"};
  if (type == "number" || type == "quantity") return {"5"};
  if (type == "special") return {"1%7C1"};
  if (type == "composite") return {"x$5", "x$2026", "x$x", "x$5$5", "x$5$5$5", "5$5", "x$x$5"};
  return {"x"};
}

bool answers_one_of(ApiServer& server, const std::string& path, const std::vector<std::string>& values) {
  return std::any_of(values.begin(), values.end(),
                     [&](const std::string& value) { return server.get(path + value).status == 200; });
}

}  // namespace

TEST_CASE("The CapabilityStatement names only search parameters that are answered") {
  ApiServer server;
  const auto statement = parsed(server.get("/metadata").body);
  CHECK(std::string(statement["resourceType"].GetString()) == "CapabilityStatement");
  CHECK(std::string(statement["fhirVersion"].GetString()) == "4.0.1");
  CHECK(statement["implementation"]["url"].GetString() == server.base());
  std::size_t asked = 0;
  for (const auto& resource : statement["rest"][0]["resource"].GetArray()) {
    const std::string type = resource["type"].GetString();
    if (!resource.HasMember("searchParam")) continue;
    for (const auto& parameter : resource["searchParam"].GetArray()) {
      const auto path = "/" + type + "?_count=1&" + parameter["name"].GetString() + "=";
      CAPTURE(path);
      if (asked++ % 7 == 0) CHECK(answers_one_of(server, path, values_of(parameter["type"].GetString())));
    }
  }
  CHECK(asked > 100);
}

TEST_CASE("The CapabilityStatement names only interactions that work, on each type it lists") {
  ApiServer server;
  const auto statement = parsed(server.get("/metadata").body);
  const auto& resources = statement["rest"][0]["resource"];
  CHECK(resources.Size() > 140);
  for (rapidjson::SizeType i = 0; i < resources.Size(); i += 10) {
    const std::string type = resources[i]["type"].GetString();
    CAPTURE(type);
    CHECK(server.put(type, "x").status == 201);
    CHECK(server.get("/" + type + "/x").status == 200);
    CHECK(server.get("/" + type + "/x/_history/1").status == 200);
    CHECK(server.get("/" + type + "/x/_history").status == 200);
    CHECK(server.get("/" + type + "/_history").status == 200);
    CHECK(server.ask("POST", "/" + type, ApiServer::resource(type, "y", "")).status == 201);
    CHECK(server.ask("DELETE", "/" + type + "/x").status == 204);
  }
  CHECK(std::string(resources[0]["conditionalRead"].GetString()) == "not-match");
}

TEST_CASE("Paths that are not served are 404; methods are 405 and say which are") {
  ApiServer server;
  CHECK(server.get("/Nonsense/1").status == 404);
  CHECK(server.put("Nonsense", "1").status == 404);
  CHECK(server.get("/Patient/never").status == 404);
  CHECK(server.get("/Patient/$everything").status == 404);
  CHECK(server.get("/Patient/1/2/3/4").status == 404);
  const auto patch = server.ask("PATCH", "/Patient/1", "[]");
  CHECK(patch.status == 405);
  CHECK(patch.header("Allow") == "GET, HEAD, PUT, DELETE");
  CHECK(server.get("").header("Allow") == "POST");
  CHECK(server.ask("DELETE", "/metadata").header("Allow") == "GET, HEAD");
  CHECK(server.ask("PUT", "/Patient", ApiServer::resource("Patient", "a", "")).status == 405);
}

TEST_CASE("Without a token 401 and how to ask; with one that may not, 403; the statement needs none") {
  ApiServer server({{"reader", "read-secret", {}, false}, {"writer", "write-secret", {}, true}});
  const auto none = server.get("/Patient");
  CHECK(none.status == 401);
  CHECK(none.header("WWW-Authenticate") == "Bearer");
  CHECK(ApiServer::is_outcome(none));
  const net::HeaderPair reader{"Authorization", "Bearer read-secret"},
      writer{"Authorization", "Bearer write-secret"};
  CHECK(server.get("/Patient", {{"Authorization", "Bearer wrong"}}).status == 401);
  CHECK(server.get("/Patient", {reader}).status == 200);
  CHECK(server.put("Patient", "an", "", {reader}).status == 403);
  CHECK(server.ask("DELETE", "/Patient/an", "", {reader}).status == 403);
  CHECK(server.put("Patient", "an", "", {writer}).status == 201);
  CHECK(server.get("/Patient/an", {reader}).status == 200);
  CHECK(server.get("/Patient/an").status == 401);
  CHECK(server.get("/_history").status == 401);
  CHECK(server.get("/metadata").status == 200);
}

TEST_CASE("What is no HTTP the server refuses with an OperationOutcome too") {
  ApiServer server;
  net::StreamClientOptions options;
  options.endpoint = server.endpoint();
  auto stream = net::BlockingStream::connect(options);
  REQUIRE(stream.has_value());
  REQUIRE(stream->send("GET /fhir/Patient?x=%zz HTTP/1.1\r\nHost: a\r\n\r\n", std::chrono::seconds(20)));
  std::string answer;
  char buffer[4096];
  while (answer.find("\"issue\"") == std::string::npos) {
    const auto got = stream->receive(buffer, sizeof buffer, std::chrono::seconds(20));
    REQUIRE(got.has_value());
    REQUIRE(*got > 0);
    answer.append(buffer, *got);
  }
  CHECK_THAT(answer, Contains("HTTP/1.1 400") && Contains("OperationOutcome"));
}

TEST_CASE("When nothing can be kept any more a write is 503 or 500, never a success") {
  ApiServer server;
  server.put("Patient", "an");
  server.store().stop();
  const auto refused = server.put("Patient", "an", R"("gender":"male")");
  CHECK(refused.status == 503);
  CHECK(refused.header("Retry-After") == "5");
  CHECK(server.get("/Patient/an").status == 200);
}
