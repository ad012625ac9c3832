// Semantics 25: a replay supersedes exactly what its message contributed under the old mapping.
#include "tests/gateway/repository/repository_store.h"

using namespace testing;
using Catch::Contains;

namespace {

Message patient(std::string_view time, std::string_view members, std::uint32_t source = 1) {
  return Message(at(time), source).say("Patient", "P1", members);
}

}  // namespace

TEST_CASE("replay: what the new mapping adds, changes and says no more") {
  RepositoryStore fixture;
  const auto before = patient("08:00", R"("gender":"male","birthDate":"1970")");
  fixture.apply(before);
  const auto outcome = fixture.replay(before, patient("08:00", R"("gender":"female","active":true)"));
  CHECK(outcome.changes.at(0).changed);
  CHECK_THAT(fixture.content("Patient", "P1"),
             Contains("female") && Contains("active") && !Contains("birthDate"));
  CHECK(fixture.read("Patient", "P1").version == 2);
}

TEST_CASE("replay: what later events said stays, also of the elements that the old mapping filled") {
  RepositoryStore fixture;
  const auto before = patient("08:00", R"("gender":"male","birthDate":"1970","active":true)");
  fixture.apply(before);
  fixture.apply(patient("09:00", R"("gender":"female")"));
  fixture.apply(patient("10:00", R"("birthDate":"1971")", 2));
  fixture.replay(before, patient("08:00", R"("gender":"other")"));
  CHECK_THAT(fixture.content("Patient", "P1"), Contains("female") && Contains("1971") && !Contains("active"));
}

TEST_CASE("replay: of a list only the source's own part is replaced") {
  RepositoryStore fixture;
  const auto before =
      patient("08:00", R"("identifier":[{"system":"a","value":"1"},{"system":"b","value":"2"}])");
  fixture.apply(before);
  fixture.apply(patient("09:00", R"("identifier":[{"system":"c","value":"3"}])", 2));
  fixture.replay(before, patient("08:00", R"("gender":"male")"));
  CHECK_THAT(fixture.content("Patient", "P1"),
             Contains(R"("value":"3")") && !Contains(R"("value":"1")") && !Contains(R"("value":"2")"));
}

TEST_CASE("replay: a preliminary result may take the place of the final one that the same message was") {
  RepositoryStore fixture;
  const auto before = Message(at("08:00")).say("Observation", "O1", R"("status":"final","valueString":"a")");
  fixture.apply(before);
  fixture.replay(before, Message(at("08:00")).say("Observation", "O1", R"("status":"preliminary")"));
  CHECK_THAT(fixture.content("Observation", "O1"), Contains("preliminary") && !Contains("valueString"));
}

TEST_CASE("replay: a resource that is made no more becomes entered-in-error and comes back") {
  RepositoryStore fixture;
  const auto both = [] {
    return Message(at("08:00"))
        .say("Patient", "P1", R"("gender":"male")")
        .say("Observation", "O1", R"("status":"final","valueString":"a")");
  };
  fixture.apply(both());
  fixture.replay(both(), patient("08:00", R"("gender":"male")"));
  CHECK_THAT(fixture.content("Observation", "O1"), Contains("entered-in-error"));
  fixture.replay(patient("08:00", R"("gender":"male")"), both());
  CHECK_THAT(fixture.content("Observation", "O1"), Contains("final") && Contains("valueString"));
}

TEST_CASE("replay: a resource that others state too loses only what this message said of it") {
  RepositoryStore fixture;
  const auto both = Message(at("08:00"))
                        .say("Patient", "P1", R"("gender":"male")")
                        .say("Observation", "O1", R"("status":"final","valueString":"a")");
  fixture.apply(both);
  fixture.apply(Message(at("09:00"))
                    .say("Patient", "P1", R"("gender":"male")")
                    .say("Observation", "O1", R"("status":"corrected")"));
  fixture.replay(both, patient("08:00", R"("gender":"male")"));
  CHECK_THAT(fixture.content("Observation", "O1"), Contains("corrected") && !Contains("valueString"));
}

TEST_CASE("replay: a visit's event that is another one now takes its place in the visit's history") {
  RepositoryStore fixture;
  const auto visit = [](std::string_view event, std::string_view members) {
    return Message(at("08:00"))
        .say("Patient", "P1", R"("gender":"male")")
        .say("Encounter", "E1", members, event);
  };
  const auto before = visit("admit", R"("status":"in-progress","period":{"start":"2026-03-02T08:00:00Z"})");
  fixture.apply(before);
  REQUIRE_THAT(fixture.content("Encounter", "E1"), Contains("in-progress"));
  fixture.replay(before, visit("cancel-admit", R"("status":"cancelled")"));
  CHECK_THAT(fixture.content("Encounter", "E1"), !Contains("in-progress"));
}

TEST_CASE("replay: under the same mapping nothing changes") {
  RepositoryStore fixture;
  const auto said = patient("08:00", R"("gender":"male","identifier":[{"system":"a","value":"1"}])");
  fixture.apply(said);
  const auto outcome = fixture.replay(said, said);
  CHECK_FALSE(outcome.changes.at(0).changed);
  CHECK(fixture.read("Patient", "P1").version == 1);
}
