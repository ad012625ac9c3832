#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "gateway/repository/sqlite/key_values.h"
#include "repository_store.h"

using namespace testing;
using Catch::Contains;

namespace {

struct Searching : RepositoryStore {
  Result<SearchPage> search(std::string_view type, std::string_view query, std::string_view cursor = {}) {
    SearchRequest request;
    request.type = type;
    request.terms = parse_query(query);
    request.cursor = cursor;
    return repository->search(*reader, request);
  }
  std::size_t count(std::string_view type, std::string_view query) {
    const auto page = search(type, query);
    INFO(query);
    REQUIRE(page);
    return page->resources.size();
  }
  // All ids over all pages; each must come once.
  std::vector<std::string> walk(std::string_view type, const std::string& query) {
    std::vector<std::string> ids;
    std::string cursor;
    do {
      const auto page = search(type, query, cursor);
      REQUIRE(page);
      for (const auto& resource : page->resources) ids.push_back(resource.id);
      cursor = page->next;
    } while (!cursor.empty());
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == ids.size());
    return ids;
  }
  void add(std::string_view id, std::string_view members) {
    const std::string body =
        R"({"resourceType":"Patient","id":")" + std::string(id) + "\"," + std::string(members) + "}";
    RestRequest request;
    request.interaction = Interaction::Update;
    request.type = "Patient";
    request.id = id;
    request.body = body;
    REQUIRE(write(request));
  }
  void add_observations(int n) {
    for (int i = 0; i < n; ++i) {
      Message message(at("08:00"));
      message.mention("Patient", i % 2 == 0 ? "P0" : "P1", R"("active":true)");
      message.say("Observation", "O" + std::to_string(i),
                  R"("status":"final","subject":{"reference":"Patient/@)" +
                      std::string(i % 2 == 0 ? "P0" : "P1") + "@\"}");
      apply(message);
    }
  }
};

}  // namespace

TEST_CASE("search: identifier by system and value, value alone, and no system") {
  Searching fixture;
  fixture.add("a", R"("identifier":[{"system":"urn:x","value":"7"},{"value":"bare"}])");
  fixture.add("b", R"("identifier":[{"system":"urn:y","value":"7"}])");
  CHECK(fixture.count("Patient", "identifier=urn:x|7") == 1);
  CHECK(fixture.count("Patient", "identifier=urn%3Ay%7C7") == 1);
  CHECK(fixture.count("Patient", "identifier=7") == 2);
  CHECK(fixture.count("Patient", "identifier=|7") == 0);
  CHECK(fixture.count("Patient", "identifier=|bare") == 1);
  CHECK(fixture.count("Patient", "identifier=urn:x|7,urn:y|7") == 2);
  CHECK(fixture.count("Patient", "identifier=urn:x|7&_id=b") == 0);
  CHECK(fixture.count("Observation", "identifier=urn:x|7") == 0);
}

namespace {

// Two systems whose hashes are the same where the table keeps them: 20 bits are soon met twice.
std::pair<std::string, std::string> systems_of_one_hash() {
  const sqlite::KeyScheme scheme;
  const auto parameter = scheme.of(sqlite::type_number("Patient")).find("identifier")->number;
  std::map<std::uint64_t, std::string> seen;
  for (int i = 0;; ++i) {
    std::string system = "urn:example:system-" + std::to_string(i);
    const auto [same, fresh] = seen.emplace(sqlite::unique_hash(parameter, system, "7"), system);
    if (!fresh) return {same->second, system};
  }
}

std::string identifier(const std::string& system, std::string_view value) {
  return R"("identifier":[{"system":")" + system + R"(","value":")" + std::string(value) + "\"}]";
}

}  // namespace

TEST_CASE("search: identifiers of the same hash are told apart by their text") {
  const auto [asked, other] = systems_of_one_hash();
  Searching fixture;
  for (int i = 0; i < 5; ++i) {
    fixture.add("asked-" + std::to_string(i), identifier(asked, "7"));
    fixture.add("other-" + std::to_string(i), identifier(other, "7"));
  }
  CHECK(fixture.count("Patient", "identifier=" + asked + "|7") == 5);
  CHECK(fixture.count("Patient", "identifier=" + asked + "|7," + other + "|7") == 10);
  CHECK(fixture.count("Patient", "identifier=7") == 10);
  CHECK(fixture.search("Patient", "identifier=" + asked + "|7&_summary=count")->total == 5u);
  CHECK(fixture.walk("Patient", "_count=2&identifier=" + asked + "|7").size() == 5);
  CHECK(fixture.walk("Patient", "_count=2&_sort=-_lastUpdated&identifier=" + other + "|7").size() == 5);
}

TEST_CASE("search: a conditional write is not led astray by an identifier of the same hash") {
  const auto [stored, asked] = systems_of_one_hash();
  Searching fixture;
  fixture.add("a", identifier(stored, "7"));
  const std::string body = R"({"resourceType":"Patient",)" + identifier(asked, "7") + "}";
  const std::string query = "identifier=" + asked + "|7";
  RestRequest request;
  request.type = "Patient";
  request.body = body;
  request.if_none_exist = query;
  const auto created = fixture.write(request);
  REQUIRE(created);
  CHECK(created->results.front().status == 201);
  request.interaction = Interaction::ConditionalUpdate;
  request.if_none_exist = {};
  request.query = query;
  const auto updated = fixture.write(request);
  REQUIRE(updated);
  CHECK(updated->results.front().resource.id == created->results.front().resource.id);
}

TEST_CASE("search: identifiers with escaped characters, and references to an absolute URL") {
  Searching fixture;
  fixture.add("a", R"("identifier":[{"system":"urn:x","value":"N\u00e0ng"}])");
  CHECK(fixture.count("Patient", "identifier=urn:x|N%C3%A0ng") == 1);
  fixture.apply(Message(at("08:00"))
                    .say("Observation", "O",
                         R"("status":"final","subject":{"reference":"http://x.example/Patient/1"})"));
  CHECK(fixture.count("Observation", "subject=http://x.example/Patient/1") == 1);
  CHECK(fixture.count("Observation", "subject=http://x.example/Patient/2") == 0);
}

TEST_CASE("search: an update takes the old keys away, a deletion all") {
  Searching fixture;
  fixture.add("a", R"("identifier":[{"system":"urn:x","value":"7"}])");
  fixture.add("a", R"("identifier":[{"system":"urn:x","value":"8"}])");
  CHECK(fixture.count("Patient", "identifier=urn:x|7") == 0);
  CHECK(fixture.count("Patient", "identifier=urn:x|8") == 1);
  RestRequest remove;
  remove.interaction = Interaction::Delete;
  remove.type = "Patient";
  remove.id = "a";
  REQUIRE(fixture.write(remove));
  CHECK(fixture.count("Patient", "identifier=urn:x|8") == 0);
  CHECK(fixture.count("Patient", "_id=a") == 0);
  CHECK(fixture.count("Patient", "") == 0);
}

TEST_CASE("search: by subject and patient, in all ways to write a reference") {
  Searching fixture;
  fixture.add_observations(10);
  const std::string id = id_of("P0");
  CHECK(fixture.count("Observation", "subject=Patient/" + id) == 5);
  CHECK(fixture.count("Observation", "patient=" + id) == 5);
  CHECK(fixture.count("Observation", "subject:Patient=" + id) == 5);
  CHECK(fixture.count("Observation", "subject=" + id) == 5);
  CHECK(fixture.count("Observation", "patient=" + id + "," + id_of("P1")) == 10);
  CHECK(fixture.count("Observation", "patient=nobody") == 0);
  CHECK(fixture.search("Observation", "patient=" + id + "&_summary=count")->total == 5u);
}

TEST_CASE("search: pages hold each resource once, in every order, also when others are written meanwhile") {
  Searching fixture;
  fixture.add_observations(11);
  CHECK(fixture.walk("Observation", "_count=3").size() == 11);
  CHECK(fixture.walk("Observation", "_count=3&_sort=-_lastUpdated").size() == 11);
  CHECK(fixture.walk("Observation", "_count=2&patient=" + id_of("P0")).size() == 6);
  const auto down = fixture.walk("Observation", "_count=4&_sort=-_lastUpdated");
  const auto up = fixture.walk("Observation", "_count=4&_sort=_lastUpdated");
  CHECK(std::vector<std::string>(up.rbegin(), up.rend()) == down);
  const auto first = fixture.search("Observation", "_count=4");
  fixture.apply(Message(at("09:00")).say("Observation", "O1", R"("valueString":"later")"));
  const auto rest = fixture.search("Observation", "_count=50", first->next);
  REQUIRE(rest);
  CHECK(rest->resources.size() == 7);
  const auto sorted = fixture.search("Observation", "_count=4&_sort=_lastUpdated");
  fixture.apply(Message(at("09:30")).say("Observation", "O1", R"("valueString":"later still")"));
  const auto behind = fixture.search("Observation", "_count=50&_sort=_lastUpdated", sorted->next);
  REQUIRE(behind);
  CHECK(behind->resources.back().id == id_of("O1"));
}

TEST_CASE("search: _lastUpdated with prefixes") {
  Searching fixture;
  fixture.add("a", R"("active":true)");  // at 12:00:01
  fixture.add("b", R"("active":true)");
  fixture.add("c", R"("active":true)");  // at 12:00:03
  const std::string day = "_lastUpdated=";
  CHECK(fixture.count("Patient", day + "2026-03-02") == 3);
  CHECK(fixture.count("Patient", day + "2026-03-02T12:00:02Z") == 1);
  CHECK(fixture.count("Patient", day + "ge2026-03-02T12:00:02Z") == 2);
  CHECK(fixture.count("Patient", day + "gt2026-03-02T12:00:02Z") == 1);
  CHECK(fixture.count("Patient", day + "lt2026-03-02T12:00:02Z") == 1);
  CHECK(fixture.count("Patient", day + "le2026-03-02T12:00:02Z") == 2);
  CHECK(fixture.count("Patient", day + "ne2026-03-02T12:00:02Z") == 2);
  CHECK(fixture.count("Patient", day + "lt2026") == 0);
  CHECK(fixture.count("Patient", day + "gt2026-03-02T19:00:02%2B07:00&_id=c") == 1);
  CHECK(fixture.search("Patient", day + "gt2026-03-02T12:00:01Z&_total=accurate")->total == 2u);
  CHECK(fixture.search("Patient", "_summary=count")->total == 3u);
}

TEST_CASE("search: what is not known, or cannot be read, is refused") {
  Searching fixture;
  CHECK(fixture.search("Patient", "nonsense=1").error().number == kUnknownParameter);
  CHECK(fixture.search("Patient", "identifier:exact=1").error().number == kUnknownParameter);
  CHECK(fixture.search("Patient", "identifier:nonsense=1").error().number == kUnknownParameter);
  CHECK(fixture.search("Patient", "general-practitioner.name=a").error().number == kUnknownParameter);
  CHECK(fixture.search("Patient", "_has:Observation:patient:code=1").error().number == kUnknownParameter);
  CHECK(fixture.search("Patient", "_include=Patient:organization").error().number == kUnknownParameter);
  CHECK(fixture.search("Patient", "_sort=name").error().number == kBadParameter);
  CHECK(fixture.search("Patient", "birthdate=soon").error().number == kBadParameter);
  CHECK(fixture.search("Patient", "_lastUpdated=yesterday").error().number == kBadParameter);
  CHECK(fixture.search("Patient", "_count=x").error().number == kBadParameter);
  CHECK(fixture.search("Patient", "identifier=a|b|c").error().number == kBadParameter);
  CHECK(fixture.search("Nonsense", "").error().number == kUnknownType);
  CHECK(fixture.search("Patient", "", "nonsense").error().number == kBadCursor);
  fixture.add_observations(5);
  const auto page = fixture.search("Observation", "_count=2");
  CHECK(fixture.search("Observation", "_id=x", page->next).error().number == kBadCursor);
}

TEST_CASE("search: the parameters named for the CapabilityStatement are those that work") {
  Searching fixture;
  for (const auto& parameter : fixture.repository->search_parameters("Observation")) {
    const std::map<std::string_view, std::string> values = {
        {"date", "2026"}, {"quantity", "5"}, {"number", "5"}, {"composite", "x$5"}, {"special", "1|1"}};
    const auto known = values.find(parameter.type);
    std::string value = known == values.end() ? "x" : known->second;
    if (parameter.name == "code-value-date") value = "x$2026";
    INFO(parameter.name);
    CHECK(fixture.search("Observation", std::string(parameter.name) + "=" + value));
  }
}

TEST_CASE("history: of a resource, a type and the system, newest first and in pages") {
  Searching fixture;
  fixture.add("a", R"("active":true)");
  fixture.add("b", R"("active":true)");
  fixture.add("a", R"("active":false)");
  fixture.add_observations(2);
  HistoryRequest request;
  request.type = "Patient";
  request.id = "a";
  const auto one = fixture.repository->history(*fixture.reader, request);
  REQUIRE(one->versions.size() == 2);
  CHECK(one->total == 2u);
  CHECK(one->versions[0].version == 2);
  CHECK_THAT(one->versions[1].json, Contains("true"));
  request.id = {};
  request.count = 2;
  std::size_t seen = 0;
  std::string cursor;
  do {
    request.cursor = cursor;
    const auto page = fixture.repository->history(*fixture.reader, request);
    REQUIRE(page);
    seen += page->versions.size();
    cursor = page->next;
  } while (!cursor.empty());
  CHECK(seen == 5);
  request = {};
  CHECK(fixture.repository->history(*fixture.reader, request)->versions.size() == 7);
  request.since = at("12:00") + std::chrono::seconds(3);
  CHECK(fixture.repository->history(*fixture.reader, request)->versions.size() == 5);
  request.type = "Patient";
  request.id = "a";
  CHECK(fixture.repository->history(*fixture.reader, request)->versions.size() == 1);
  request.id = "none";
  CHECK(fixture.repository->history(*fixture.reader, request).error().category == Category::NotFound);
}

TEST_CASE("read: the resources that one refers to") {
  Searching fixture;
  fixture.add_observations(1);
  const auto rows = fixture.repository->references_of(*fixture.reader, fixture.read("Observation", "O0"));
  REQUIRE(rows->size() == 1);
  CHECK(fixture.repository->read_row(*fixture.reader, rows->front())->id == id_of("P0"));
}
