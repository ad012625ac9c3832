// search and history over a real connection (FHIR R4 §3.1.1, §3.1.0.12).
#include <algorithm>
#include <set>

#include "tests/gateway/api/api_server.h"

using namespace lienthong;
using namespace lienthong::api;

namespace {

std::string link(const rapidjson::Document& bundle, const std::string& relation) {
  for (const auto& one : bundle["link"].GetArray()) {
    if (one["relation"].GetString() == relation) return one["url"].GetString();
  }
  return {};
}

// All entries' ids over all pages, by the next links as they are given.
std::vector<std::string> walk(ApiServer& server, std::string path) {
  std::vector<std::string> ids;
  while (!path.empty()) {
    const auto answer = server.get(path);
    REQUIRE(answer.status == 200);
    const auto page = parsed(answer.body);
    if (page.HasMember("entry")) {
      for (const auto& entry : page["entry"].GetArray()) ids.emplace_back(entry["fullUrl"].GetString());
    }
    path = link(page, "next");
    if (!path.empty()) {
      REQUIRE(path.rfind(server.base(), 0) == 0);
      path = path.substr(server.base().size());
    }
    REQUIRE(ids.size() < 100);
  }
  return ids;
}

void put_some(ApiServer& server, int count) {
  for (int i = 0; i < count; ++i) {
    server.clock().advance(std::chrono::seconds(1));
    const auto n = std::to_string(i);
    server.put("Patient", "p" + n, R"("identifier":[{"system":"urn:x","value":")" + n + R"("}])");
  }
}

int status(ApiServer& server, const std::string& path) {
  return server.get(path).status;
}

}  // namespace

TEST_CASE("A searchset names each match by its full URL and as a match") {
  ApiServer server;
  put_some(server, 3);
  const auto found = parsed(server.get("/Patient?identifier=urn:x%7C1").body);
  CHECK(std::string(found["type"].GetString()) == "searchset");
  REQUIRE(found["entry"].Size() == 1);
  const auto& entry = found["entry"][0];
  CHECK(entry["fullUrl"].GetString() == server.base() + "/Patient/p1");
  CHECK(std::string(entry["search"]["mode"].GetString()) == "match");
  CHECK(std::string(entry["resource"]["id"].GetString()) == "p1");
  CHECK(link(found, "self") == server.base() + "/Patient?identifier=urn%3Ax%7C1");
  CHECK_FALSE(parsed(server.get("/Patient?_id=none").body).HasMember("entry"));
}

TEST_CASE("Pages follow the next link to the end, each resource once") {
  ApiServer server;
  put_some(server, 7);
  for (const auto* path :
       {"/Patient?_count=3", "/Patient?_count=3&_sort=-_lastUpdated",
        "/Patient?_count=2&_lastUpdated=ge2026-03-02T00%3A15%3A03Z", "/Patient?_count=1&_id=p1,p2,p3"}) {
    CAPTURE(path);
    const auto ids = walk(server, path);
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == ids.size());
  }
  CHECK(walk(server, "/Patient?_count=3").size() == 7);
  CHECK(walk(server, "/Patient?_count=7").size() == 7);
  CHECK(walk(server, "/Patient?_count=2&_lastUpdated=ge2026-03-02T00:15:03Z").size() == 5);
  CHECK(walk(server, "/Patient?_count=1&_id=p1,p2,p3").size() == 3);
}

TEST_CASE("_summary=count and _count=0 tell the number and give no entry; _total adds it") {
  ApiServer server;
  put_some(server, 4);
  for (const auto* path : {"/Patient?_summary=count", "/Patient?_count=0"}) {
    const auto counted = parsed(server.get(path).body);
    CHECK(counted["total"].GetInt() == 4);
    CHECK_FALSE(counted.HasMember("entry"));
    CHECK(link(counted, "next").empty());
  }
  CHECK(parsed(server.get("/Patient?_count=1&_total=accurate").body)["total"].GetInt() == 4);
}

TEST_CASE("POST _search takes the form's terms and the query's together") {
  ApiServer server;
  put_some(server, 3);
  const net::HeaderPair form{"Content-Type", "application/x-www-form-urlencoded"};
  const auto found = parsed(server.ask("POST", "/Patient/_search", "identifier=urn%3Ax%7C2", {form}).body);
  REQUIRE(found["entry"].Size() == 1);
  CHECK(std::string(found["entry"][0]["resource"]["id"].GetString()) == "p2");
  CHECK_FALSE(parsed(server.ask("POST", "/Patient/_search?_id=p1", "identifier=urn%3Ax%7C2", {form}).body)
                  .HasMember("entry"));
  CHECK(server.ask("POST", "/Patient/_search", "nonsense=1", {form}).status == 400);
  CHECK(server.ask("POST", "/Patient/_search", "{}", {{"Content-Type", "application/json"}}).status == 415);
  CHECK(parsed(server.ask("POST", "/Patient/_search").body)["entry"].Size() == 3);
}

TEST_CASE("_lastUpdated hears all prefixes") {
  ApiServer server;
  put_some(server, 3);  // 00:15:01Z, :02, :03
  const auto count = [&](const std::string& value) {
    return parsed(server.get("/Patient?_summary=count&_lastUpdated=" + value).body)["total"].GetInt();
  };
  const std::string at = "2026-03-02T00:15:02Z";
  CHECK(count(at) == 1);
  CHECK(count("eq" + at) == 1);
  CHECK(count("ne" + at) == 2);
  CHECK(count("gt" + at) == 1);
  CHECK(count("ge" + at) == 2);
  CHECK(count("lt" + at) == 1);
  CHECK(count("le" + at) == 2);
  CHECK(count("sa" + at) == 1);
  CHECK(count("eb" + at) == 1);
  CHECK(count("2026-03-02T07:15:02%2B07:00") == 1);
  CHECK(count("2026") == 3);
  CHECK(count("ge" + at + "&_lastUpdated=le" + at) == 1);
  CHECK(status(server, "/Patient?_lastUpdated=xx2026") == 400);
}

TEST_CASE("What cannot be answered is refused, not ignored") {
  ApiServer server;
  put_some(server, 2);
  CHECK(status(server, "/Patient?nonsense=1") == 400);
  CHECK(status(server, "/Patient?_nonsense=1") == 400);
  CHECK(status(server, "/Patient?identifier:nonsense=1") == 400);
  CHECK(status(server, "/Patient?_count=many") == 400);
  CHECK(status(server, "/Patient?_cursor=made-up") == 400);
  CHECK(status(server, "/Nonsense") == 404);
  CHECK(status(server, "/Nonsense?_id=1") == 404);
  CHECK(status(server, "/Patient?_format=json&_pretty=true") == 200);
}

TEST_CASE("A history shows each version newest first with how it was made") {
  ApiServer server;
  server.put("Patient", "an", R"("gender":"male")");
  server.put("Patient", "an", R"("gender":"female")");
  server.ask("DELETE", "/Patient/an");
  const auto history = parsed(server.get("/Patient/an/_history").body);
  CHECK(std::string(history["type"].GetString()) == "history");
  CHECK(history["total"].GetInt() == 3);
  REQUIRE(history["entry"].Size() == 3);
  CHECK(std::string(history["entry"][0]["request"]["method"].GetString()) == "DELETE");
  CHECK_FALSE(history["entry"][0].HasMember("resource"));
  CHECK(std::string(history["entry"][1]["request"]["method"].GetString()) == "PUT");
  CHECK(std::string(history["entry"][1]["response"]["etag"].GetString()) == "W/\"2\"");
  CHECK(std::string(history["entry"][2]["response"]["status"].GetString()) == "201 Created");
  CHECK(std::string(history["entry"][2]["resource"]["gender"].GetString()) == "male");
}

TEST_CASE("Histories of a type and of the system page by the next link, also behind _since") {
  ApiServer server;
  put_some(server, 5);  // 00:15:01Z … :05
  server.clock().advance(std::chrono::seconds(1));
  server.put("Organization", "o");
  CHECK(walk(server, "/Patient/_history?_count=2").size() == 5);
  CHECK(walk(server, "/_history?_count=4").size() == 6);
  CHECK(walk(server, "/_history").size() == 6);
  CHECK(walk(server, "/_history?_count=1&_since=2026-03-02T00:15:03Z").size() == 4);
  CHECK(walk(server, "/Patient/_history?_count=2&_since=2026-03-02T07:15:03%2B07:00").size() == 3);
  CHECK(walk(server, "/Patient/p1/_history?_count=1&_since=2026-03-02T00:15:01Z").size() == 1);
}

TEST_CASE("A history that cannot be asked so is refused") {
  ApiServer server;
  put_some(server, 1);
  CHECK(status(server, "/Patient/none/_history") == 404);
  CHECK(status(server, "/Nonsense/_history") == 404);
  CHECK(status(server, "/_history?_since=yesterday") == 400);
  CHECK(status(server, "/_history?_count=x") == 400);
  CHECK(status(server, "/_history?identifier=1") == 400);
  CHECK(status(server, "/_history?_cursor=x") == 400);
}

TEST_CASE("An unknown parameter is refused, or left out and named when the client is lenient") {
  ApiServer server;
  put_some(server, 3);
  CHECK(status(server, "/Patient?colour=red") == 400);
  const auto answer =
      server.get("/Patient?identifier=urn:x%7C1&colour=red", {{"Prefer", "handling=lenient"}});
  REQUIRE(answer.status == 200);
  const auto found = parsed(answer.body);
  REQUIRE(found["entry"].Size() == 2);
  CHECK(std::string(found["entry"][1]["search"]["mode"].GetString()) == "outcome");
  const std::string text = found["entry"][1]["resource"]["issue"][0]["diagnostics"].GetString();
  CHECK(text.find("colour") != std::string::npos);
  CHECK(link(found, "self") == server.base() + "/Patient?identifier=urn%3Ax%7C1");
}

TEST_CASE("Searches by any parameter, by GET and by POST _search, meet in one answer") {
  ApiServer server;
  for (const char* id : {"a", "b", "c"}) {
    server.put(
        "Observation", id,
        std::string(R"("status":"final","subject":{"reference":"Patient/p"},"code":{"coding":[{"system":)") +
            R"("urn:l","code":")" + (id[0] == 'c' ? "2" : "1") + R"("}]},"effectiveDateTime":"2026-03-0)" +
            std::to_string(id[0] - 'a' + 1) + "\"");
  }
  const auto count = [&](const net::ClientResponse& answer) {
    REQUIRE(answer.status == 200);
    const auto found = parsed(answer.body);
    return found.HasMember("entry") ? found["entry"].Size() : 0u;
  };
  CHECK(count(server.get("/Observation?code=urn:l%7C1&patient=p")) == 2);
  CHECK(count(server.get("/Observation?code=1&patient=Patient/p&date=ge2026-03-02")) == 1);
  CHECK(count(server.get("/Observation?code:not=urn:l%7C1")) == 1);
  CHECK(count(server.ask("POST", "/Observation/_search", "code=urn%3Al%7C1&status=final",
                         {{"Content-Type", "application/x-www-form-urlencoded"}})) == 2);
  CHECK(status(server, "/Observation?patient.name=an") == 400);
  CHECK(status(server, "/Observation?date=soon") == 400);
}

TEST_CASE("A text that folds to nothing is refused: it would find everybody") {
  ApiServer server;
  server.put("Patient", "p1", R"("name":[{"family":"An"}])");
  for (const auto* value : {"%CC%81", "%FF%FE", "%00"}) {
    CAPTURE(value);
    CHECK(status(server, std::string("/Patient?name=") + value) == 400);
    CHECK(status(server, std::string("/Patient?name:contains=") + value) == 400);
  }
  CHECK(status(server, "/Patient?name=a") == 200);
}
