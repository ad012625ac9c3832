#include <catch2/catch.hpp>

#include "repository_store.h"

using namespace testing;
using Catch::Contains;

namespace {

constexpr std::string_view kNam =
    R"("identifier":[{"system":"urn:mrn","value":"1001"}],"name":[{"text":"Lê Nam"}],"gender":"male")";

Message admission(std::string_view time = "08:00") {
  Message message(at(time));
  message.say("Patient", "P1", kNam);
  message.say("Encounter", "E1",
              R"("status":"in-progress","class":{"code":"IMP"},"subject":{"reference":"Patient/@P1@"})",
              "admit");
  return message;
}

}  // namespace

TEST_CASE("apply: new resources get version 1, meta and the patient's lane") {
  RepositoryStore fixture;
  const auto outcome = fixture.apply(admission());
  REQUIRE(outcome.changes.size() == 2);
  CHECK(outcome.changes[0].changed);
  CHECK(outcome.changes[0].created);
  CHECK(outcome.changes[0].lane == outcome.changes[0].resource);
  CHECK(outcome.changes[1].lane == outcome.changes[0].resource);
  CHECK(outcome.changes[1].change > outcome.changes[0].change);
  const auto patient = fixture.read("Patient", "P1");
  CHECK(patient.version == 1);
  CHECK_THAT(patient.json, Contains("\"id\":\"" + id_of("P1") + "\""));
  CHECK_THAT(
      patient.json,
      Contains(R"("meta":{"versionId":"1","lastUpdated":"2026-03-02T12:00:01.000Z","source":"urn:uuid:)"));
  CHECK_THAT(patient.json, Contains(std::string(kNam)));
  CHECK(*fixture.repository->count(*fixture.reader, "Patient") == 1);
}

TEST_CASE("apply: the same claims again make no version and no change") {
  RepositoryStore fixture;
  fixture.apply(admission());
  const auto again = fixture.apply(admission());
  REQUIRE(again.changes.size() == 2);
  CHECK(!again.changes[0].changed);
  CHECK(!again.changes[1].changed);
  CHECK(fixture.read("Encounter", "E1").version == 1);
}

TEST_CASE("apply: a part claim leaves what it does not say") {
  RepositoryStore fixture;
  fixture.apply(admission());
  fixture.apply(Message(at("09:00")).say("Patient", "P1", R"("birthDate":"1970-01-02")"));
  CHECK_THAT(fixture.content("Patient", "P1"), Contains("Lê Nam") && Contains("1970-01-02"));
  CHECK(fixture.read("Patient", "P1").version == 2);
}

TEST_CASE("apply: an older event never overwrites a newer one of the same source") {
  RepositoryStore fixture;
  fixture.apply(Message(at("10:00")).say("Patient", "P1", R"("gender":"female")"));
  fixture.apply(Message(at("09:00")).say("Patient", "P1", R"("gender":"male","birthDate":"1970")"));
  CHECK_THAT(fixture.content("Patient", "P1"), Contains("female") && Contains("1970"));
}

TEST_CASE("apply: between sources the precedence decides, whatever the time") {
  RepositoryStore fixture;
  fixture.apply(Message(at("08:00"), 1, 10).say("Patient", "P1", R"("gender":"female")"));
  fixture.apply(Message(at("11:00"), 2, 5).say("Patient", "P1", R"("gender":"male")"));
  CHECK_THAT(fixture.content("Patient", "P1"), Contains("female"));
}

TEST_CASE("apply: each source has its own identifiers; a resend replaces only its own") {
  RepositoryStore fixture;
  const auto say = [&](std::string_view time, std::uint32_t source, std::string_view ids) {
    fixture.apply(Message(at(time), source).say("Patient", "P1", "\"identifier\":" + std::string(ids)));
  };
  say("08:00", 1, R"([{"system":"a","value":"1"},{"system":"b","value":"2"}])");
  say("09:00", 2, R"([{"system":"a","value":"1","use":"old"},{"system":"c","value":"3"}])");
  CHECK_THAT(fixture.content("Patient", "P1"), Contains(R"("value":"2")") && Contains(R"("value":"3")"));
  say("10:00", 1, R"([{"system":"a","value":"1"}])");
  CHECK_THAT(fixture.content("Patient", "P1"), !Contains(R"("value":"2")") && Contains(R"("value":"3")"));
}

TEST_CASE("apply: an element stated as nothing goes, and a late older value does not bring it back") {
  RepositoryStore fixture;
  fixture.apply(Message(at("08:00")).say("Patient", "P1", R"("gender":"male","birthDate":"1970")"));
  fixture.apply(Message(at("10:00")).say("Patient", "P1", "").remove("birthDate"));
  CHECK_THAT(fixture.content("Patient", "P1"), !Contains("birthDate") && Contains("gender"));
  fixture.apply(Message(at("09:00")).say("Patient", "P1", R"("birthDate":"1971")"));
  CHECK_THAT(fixture.content("Patient", "P1"), !Contains("birthDate"));
}

TEST_CASE("apply: a choice is one element") {
  RepositoryStore fixture;
  fixture.apply(
      Message(at("08:00")).say("Observation", "O1", R"("status":"final","valueQuantity":{"value":1.50})"));
  CHECK_THAT(fixture.content("Observation", "O1"), Contains("1.50"));
  fixture.apply(Message(at("09:00")).say("Observation", "O1", R"("status":"corrected","valueString":"neg")"));
  CHECK_THAT(fixture.content("Observation", "O1"), !Contains("valueQuantity") && Contains("valueString"));
}

TEST_CASE("apply: a mention creates what is absent and never changes what is there") {
  RepositoryStore fixture;
  Message result(at("09:00"));
  result.mention("Patient", "P1", R"("name":[{"text":"LE NAM"}])");
  result.say("Observation", "O1", R"("status":"final","subject":{"reference":"Patient/@P1@"})");
  fixture.apply(result);
  CHECK_THAT(fixture.content("Patient", "P1"), Contains("LE NAM"));
  fixture.apply(admission("08:00"));
  CHECK_THAT(fixture.content("Patient", "P1"), Contains("Lê Nam"));
  const auto before = fixture.read("Patient", "P1").version;
  fixture.apply(
      Message(at("11:00")).mention("Patient", "P1", R"("name":[{"text":"OTHER"}],"birthDate":"1970")"));
  CHECK(fixture.read("Patient", "P1").version == before);
  CHECK_THAT(fixture.content("Patient", "P1"), !Contains("1970"));
}

TEST_CASE("apply: the same key with another patient is a conflict and both are kept") {
  RepositoryStore fixture;
  const auto result = [](std::string_view patient, std::string_view value) {
    Message message(at("09:00"));
    message.say("Patient", patient, R"("active":true)");
    message.say("Observation", "O1",
                R"("status":"final","subject":{"reference":"Patient/@)" + std::string(patient) +
                    R"(@"},"valueString":")" + std::string(value) + "\"");
    message.say("DiagnosticReport", "R-" + std::string(patient),
                R"("status":"final","result":[{"reference":"Observation/@O1@"}])");
    return message;
  };
  fixture.apply(result("P1", "first"));
  const auto outcome = fixture.apply(result("P2", "second"));
  REQUIRE(fixture.problems.problems().size() == 1);
  CHECK(fixture.problems.problems()[0].number == kSubjectConflict);
  CHECK_THAT(fixture.content("Observation", "O1"), Contains("first"));
  const std::string other = outcome.changes[1].id;
  REQUIRE(other != id_of("O1"));
  CHECK_THAT(fixture.repository->read(*fixture.reader, "Observation", other)->json, Contains("second"));
  CHECK_THAT(fixture.content("DiagnosticReport", "R-P2"), Contains("Observation/" + other));
  CHECK(!fixture.apply(result("P2", "second")).changes[1].changed);
}

TEST_CASE("apply: a late preliminary result never downgrades a final one") {
  RepositoryStore fixture;
  fixture.apply(Message(at("09:00")).say("Observation", "O1", R"("status":"final","valueString":"F")"));
  fixture.apply(Message(at("10:00")).say("Observation", "O1", R"("status":"preliminary","valueString":"P")"));
  CHECK_THAT(fixture.content("Observation", "O1"), Contains("final") && Contains("\"F\""));
  REQUIRE(fixture.problems.problems().size() == 1);
  CHECK(fixture.problems.problems()[0].number == kResultKept);
  fixture.apply(Message(at("11:00")).say("Observation", "O1", R"("status":"corrected","valueString":"C")"));
  CHECK_THAT(fixture.content("Observation", "O1"), Contains("corrected") && Contains("\"C\""));
}

TEST_CASE("apply: members missing from a newer snapshot end, come back when listed, and are never deleted") {
  RepositoryStore fixture;
  const auto list = [&](std::string_view time, std::vector<std::string> keys) {
    Message message(at(time));
    message.say("Patient", "P1", R"("active":true)");
    for (const auto& key : keys) {
      message.say("AllergyIntolerance", key,
                  R"("patient":{"reference":"Patient/@P1@"},"clinicalStatus":{"text":"on"})");
    }
    message.snapshot("F|P1|AL1", "AllergyIntolerance", "inactive");
    return fixture.apply(message);
  };
  list("08:00", {"A1", "A2"});
  const auto outcome = list("09:00", {"A2"});
  CHECK_THAT(fixture.content("AllergyIntolerance", "A1"), Contains("\"inactive\"") && !Contains("\"on\""));
  CHECK_THAT(fixture.content("AllergyIntolerance", "A2"), Contains("\"on\""));
  CHECK(std::any_of(outcome.changes.begin(), outcome.changes.end(),
                    [](const Change& c) { return c.id == id_of("A1") && c.changed; }));
  list("08:30", {"A3"});
  CHECK_THAT(fixture.content("AllergyIntolerance", "A3"), Contains("\"inactive\""));
  list("10:00", {"A1"});
  CHECK_THAT(fixture.content("AllergyIntolerance", "A1"), Contains("\"on\"") && !Contains("inactive"));
}

TEST_CASE("apply: what a whole scope no longer makes becomes entered-in-error; types that are absent stay") {
  RepositoryStore fixture;
  Message first(at("08:00"));
  first.say("Patient", "P1", R"("active":true)")
      .say("Procedure", "S1", R"("status":"completed","note":[{"text":"x"}])")
      .whole("F|MA_LK|7");
  first.say("Procedure", "S2", R"("status":"completed")").whole("F|MA_LK|7");
  first.say("Observation", "O1", R"("status":"final")").whole("F|MA_LK|7");
  fixture.apply(first);
  fixture.apply(Message(at("09:00")).say("Procedure", "S1", R"("status":"completed")").whole("F|MA_LK|7"));
  CHECK_THAT(fixture.content("Procedure", "S2"), Contains("entered-in-error"));
  CHECK_THAT(fixture.content("Procedure", "S1"), Contains("completed") && !Contains("note"));
  CHECK_THAT(fixture.content("Observation", "O1"), Contains("final"));
}

TEST_CASE("apply: another facility's resource is left alone") {
  RepositoryStore fixture;
  fixture.apply(admission());
  fixture.apply(Message(at("11:00")).from_facility(2).say("Patient", "P1", R"("gender":"female")"));
  CHECK_THAT(fixture.content("Patient", "P1"), Contains("\"male\""));
  REQUIRE(fixture.problems.problems().size() == 1);
  CHECK(fixture.problems.problems()[0].number == kOwnedElsewhere);
}

TEST_CASE("apply: patients who are one person are linked on read, in a new version of the one known before") {
  RepositoryStore fixture;
  const std::string person = R"("identifier":[{"type":{"coding":[{"code":"NI"}]},"value":"079180001234"}],)"
                             R"("name":[{"text":"Lê Nam"}],"gender":"male","birthDate":"1980-05-17")";
  fixture.apply(Message(at("08:00")).say("Patient", "P1", person));
  const auto outcome = fixture.apply(Message(at("08:30"), 2).say("Patient", "P2", person));
  REQUIRE(outcome.changes.size() == 2);
  CHECK(outcome.changes[1].id == id_of("P1"));
  CHECK(outcome.changes[1].version == 2);
  CHECK_THAT(fixture.read("Patient", "P1").json,
             Contains(R"("link":[{"other":{"reference":"Patient/)" + id_of("P2")));
  CHECK_THAT(fixture.read("Patient", "P2").json, Contains("Patient/" + id_of("P1")));
  const auto first = fixture.repository->read_version(*fixture.reader, "Patient", id_of("P1"), "1");
  CHECK_THAT(first->json, !Contains("link"));
}

TEST_CASE("apply: a claim that is no object is a problem and the others stand") {
  RepositoryStore fixture;
  Message message(at("08:00"));
  message.say("Nonsense", "X", R"("a":1)").say("Patient", "P1", kNam);
  fixture.apply(message);
  REQUIRE(fixture.problems.problems().size() == 1);
  CHECK(fixture.problems.problems()[0].number == kClaimUnreadable);
  CHECK(fixture.exists("Patient", id_of("P1")));
}

TEST_CASE("apply: a claim may refer to one that stands behind it in the message") {
  RepositoryStore store;
  Message message(at("08:00"));
  message.say("Observation", "o", R"("status":"final","subject":{"reference":"Patient/@p@"})");
  message.say("Patient", "p", R"("gender":"male")");
  store.apply(message);
  SearchRequest request;
  request.type = "Observation";
  request.terms = parse_query("subject=Patient/" + id_of("p"));
  CHECK(store.repository->search(*store.reader, request)->resources.size() == 1);
  CHECK(store.read("Patient", "p").version == 1);
}
