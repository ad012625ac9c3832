#include <catch2/catch.hpp>

#include "gateway/repository/sqlite/encounter_fold.h"

using namespace lienthong;
using namespace lienthong::repository;
using namespace lienthong::repository::sqlite;
using Catch::Contains;
using E = EncounterEvent;

namespace {

constexpr std::int64_t kHour = 3'600'000'000;

EncounterRecord event(E what, std::int64_t hour, std::string room = {}) {
  EncounterRecord record;
  record.event = what;
  record.said.source = 1;
  record.said.time = hour * kHour;
  if (!room.empty()) record.location = R"([{"location":{"display":")" + room + R"("}}])";
  return record;
}

std::string status(std::vector<EncounterRecord> events) {
  return fold_encounter(events, nullptr).status;
}

}  // namespace

TEST_CASE("encounter: the table") {
  CHECK(status({event(E::Admit, 8)}) == "\"in-progress\"");
  CHECK(status({event(E::Register, 8)}) == "\"arrived\"");
  CHECK(status({event(E::Preadmit, 8)}) == "\"planned\"");
  CHECK(status({event(E::Admit, 8), event(E::Discharge, 12)}) == "\"finished\"");
  CHECK(status({event(E::Admit, 8), event(E::Discharge, 12), event(E::CancelDischarge, 13)}) ==
        "\"in-progress\"");
  CHECK(status({event(E::Admit, 8), event(E::CancelAdmit, 9)}) == "\"cancelled\"");
  CHECK(status({event(E::Admit, 8), event(E::Leave, 9)}) == "\"onleave\"");
  CHECK(status({event(E::Admit, 8), event(E::Leave, 9), event(E::Return, 10)}) == "\"in-progress\"");
  CHECK(status({event(E::Admit, 8), event(E::Delete, 9)}) == "\"entered-in-error\"");
}

TEST_CASE("encounter: an update neither reopens nor closes") {
  CHECK(status({event(E::Admit, 8), event(E::Discharge, 12), event(E::Update, 13)}) == "\"finished\"");
  auto closing = event(E::Update, 13);
  closing.status = "\"finished\"";
  closing.end = "1970-01-01T13:00:00Z";
  const auto folded = fold_encounter(std::vector{event(E::Admit, 8), closing}, nullptr);
  CHECK(folded.status == "\"in-progress\"");
  CHECK_THAT(folded.period, !Contains("end"));
}

TEST_CASE("encounter: a discharge that comes before its admission is the same visit") {
  const auto folded = fold_encounter(std::vector{event(E::Discharge, 12), event(E::Admit, 8, "R1")}, nullptr);
  CHECK(folded.status == "\"finished\"");
  CHECK(folded.period == R"({"start":"1970-01-01T08:00:00Z","end":"1970-01-01T12:00:00Z"})");
  CHECK_THAT(folded.status_history,
             Contains("in-progress") && Contains("08:00:00Z") && Contains("12:00:00Z"));
}

TEST_CASE("encounter: transfers make a history of places; a cancelled one is undone") {
  std::vector events{event(E::Admit, 8, "R1"), event(E::Transfer, 9, "R2")};
  const auto moved = fold_encounter(events, nullptr).location;
  CHECK(
      moved ==
      R"([{"location":{"display":"R1"},"status":"completed","period":{"start":"1970-01-01T08:00:00Z","end":"1970-01-01T09:00:00Z"}},)"
      R"({"location":{"display":"R2"},"status":"active","period":{"start":"1970-01-01T09:00:00Z"}}])");
  events.push_back(event(E::CancelTransfer, 10));
  CHECK_THAT(fold_encounter(events, nullptr).location,
             !Contains("R2") && Contains("active") && !Contains("end"));
}

TEST_CASE("encounter: histories are written in the zone that the source states") {
  auto admit = event(E::Admit, 8, "R1");
  admit.start = "1970-01-01T15:00:00+07:00";
  const auto folded = fold_encounter(std::vector{admit, event(E::Discharge, 12)}, nullptr);
  CHECK(folded.period == R"({"start":"1970-01-01T15:00:00+07:00","end":"1970-01-01T19:00:00+07:00"})");
}

TEST_CASE("encounter: a class change is kept in the class history") {
  auto emergency = event(E::Register, 8);
  emergency.encounter_class = R"({"code":"EMER"})";
  auto inpatient = event(E::ToInpatient, 10);
  inpatient.encounter_class = R"({"code":"IMP"})";
  const auto folded = fold_encounter(std::vector{emergency, inpatient}, nullptr);
  CHECK(folded.encounter_class == R"({"code":"IMP"})");
  CHECK_THAT(folded.class_history, Contains("EMER") && !Contains("IMP"));
  CHECK(folded.status == "\"in-progress\"");
}

TEST_CASE("encounter: an admission long after the end does not reopen, one soon after does") {
  std::vector<RefusedEvent> refused;
  const std::vector soon{event(E::Admit, 8), event(E::Discharge, 12), event(E::Admit, 30)};
  CHECK(fold_encounter(soon, &refused).status == "\"in-progress\"");
  CHECK(refused.empty());
  const std::vector late{event(E::Admit, 8), event(E::Discharge, 12), event(E::Admit, 24 * 60)};
  CHECK(fold_encounter(late, &refused).status == "\"finished\"");
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].long_after_end);
}

TEST_CASE("encounter: a discharge of a cancelled visit is refused and told") {
  std::vector<RefusedEvent> refused;
  const std::vector events{event(E::Admit, 8), event(E::CancelAdmit, 9), event(E::Discharge, 10)};
  CHECK(fold_encounter(events, &refused).status == "\"cancelled\"");
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].state == EncounterState::Cancelled);
}
