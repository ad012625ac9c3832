// Merges, changed numbers and moves as HL7 v2 sends them (semantics 3), from bytes to what is stored and goes
// out.
#include <algorithm>

#include "tests/gateway/intake/intake_fixture.h"

using namespace lienthong;
using namespace lienthong::intake;
using Catch::Contains;

namespace {

std::string minute(int number) {
  return "202603020" + std::to_string(7 + number / 60) + (number % 60 < 10 ? "0" : "") +
         std::to_string(number % 60) + "00";
}

// A message of an event `at` minutes after seven.
std::string message(const std::string& type, int at, const std::string& segments) {
  Header head;
  head.control = type + std::to_string(at);
  head.type = "ADT^" + type;
  head.time = minute(at);
  return header(head) + "EVN|" + type + "|" + minute(at) + "\r" + segments;
}

std::string pid(const std::string& number, const std::string& more = "") {
  return "PID|1||" + number + "^^^BVMAU^MR||Lê^Thị^Mẫu||19900101|F" + more + "\r";
}

std::string pv1(const std::string& visit) {
  return "PV1|1|I|NOI^P1^G1^BVMAU" + std::string(16, '|') + visit + "\r";
}

std::string only_id(IntakeFixture& fixture, const std::string& number) {
  for (const auto& patient : fixture.resources("Patient")) {
    const auto first = patient.json.find("\"value\":\"");
    if (patient.json.compare(first + 9, number.size() + 1, number + "\"") == 0) return patient.id;
  }
  return {};
}

bool has_problem(const Outcome& outcome, std::uint16_t number) {
  return std::any_of(outcome.problems.begin(), outcome.problems.end(),
                     [&](const auto& problem) { return problem.number == number; });
}

}  // namespace

TEST_CASE("intake: A40 joins two numbers; searches by the survivor find both, later messages go to it") {
  IntakeFixture fixture;
  fixture.take(message("A01", 0, pid("BN1") + pv1("VN1")));
  fixture.take(message("A01", 5, pid("BN2") + pv1("VN2")));
  fixture.deliver_all();
  for (const auto* trigger : {"A40^ADT_A39", "A34", "A18"}) {
    const auto outcome = fixture.take(message(trigger, 10, pid("BN2") + "MRG|BN1^^^BVMAU^MR\r"));
    CHECK(outcome.fate == Fate::Stored);
    CHECK(outcome.problems.empty());
  }
  const auto old_one = only_id(fixture, "BN1"), survivor = only_id(fixture, "BN2");
  CHECK(fixture.count("Patient") == 2);
  CHECK(fixture.search("Encounter", "patient=" + survivor).size() == 2);
  CHECK(fixture.search("Patient", "active=false").size() == 1);
  const auto waiting = fixture.waiting();  // both patients go out again
  CHECK(waiting.size() == 2);
  fixture.take(message("A03", 20, pid("BN1") + pv1("VN1")));
  const auto visits = fixture.search("Encounter", "patient=" + survivor + "&status=finished");
  REQUIRE(visits.size() == 1);
  CHECK_THAT(visits[0].json, Contains("Patient/" + survivor) && Contains("VN1"));
  CHECK(fixture.search("Encounter", "patient=" + old_one).empty());
}

TEST_CASE("intake: A40 whose MRG leaves out type and authority means the number that PID's means") {
  IntakeFixture fixture;
  fixture.take(message("A01", 0, pid("BN1") + pv1("VN1")));
  fixture.take(message("A40^ADT_A39", 10, pid("BN2") + "MRG|BN1\r"));
  CHECK(fixture.count("Patient") == 2);
  CHECK(fixture.search("Encounter", "patient=" + only_id(fixture, "BN2")).size() == 1);
}

TEST_CASE("intake: A40 with several patients merges each pair") {
  IntakeFixture fixture;
  fixture.take(
      message("A40^ADT_A39", 10, pid("BN2") + "MRG|BN1^^^BVMAU^MR\r" + pid("BN4") + "MRG|BN3^^^BVMAU^MR\r"));
  CHECK(fixture.count("Patient") == 4);
  CHECK(fixture.search("Patient", "active=false").size() == 2);
}

TEST_CASE("intake: an A40 that leads back is told and kept") {
  IntakeFixture fixture;
  fixture.take(message("A40^ADT_A39", 10, pid("BN2") + "MRG|BN1^^^BVMAU^MR\r"));
  const auto outcome = fixture.take(message("A40^ADT_A39", 20, pid("BN1") + "MRG|BN2^^^BVMAU^MR\r"));
  CHECK(outcome.fate == Fate::Stored);
  CHECK(has_problem(outcome, 1569));
  CHECK(fixture.search("Patient", "active=false").size() == 1);
}

TEST_CASE("intake: A40 of one number with itself changes nothing") {
  IntakeFixture fixture;
  fixture.take(message("A40^ADT_A39", 10, pid("BN1") + "MRG|BN1^^^BVMAU^MR\r"));
  CHECK(fixture.count("Patient") == 1);
  CHECK(fixture.search("Patient", "active=false").empty());
}

TEST_CASE("intake: A47 gives a patient another number; there is one patient, found by both") {
  IntakeFixture fixture;
  fixture.take(message("A01", 0, pid("BN1") + pv1("VN1")));
  const auto patient = only_id(fixture, "BN1");
  fixture.take(message("A47", 10, pid("BN9") + "MRG|BN1^^^BVMAU^MR\r"));
  fixture.take(message("A03", 20, pid("BN9") + pv1("VN1")));
  CHECK(fixture.count("Patient") == 1);
  CHECK(fixture.count("Encounter") == 1);
  for (const auto* number : {"BN1", "BN9"}) {
    const auto by_number = fixture.search("Patient", std::string("identifier=") + number);
    REQUIRE(by_number.size() == 1);
    CHECK(by_number[0].id == patient);
  }
  CHECK(fixture.search("Encounter", "patient=" + patient + "&status=finished").size() == 1);
}

TEST_CASE("intake: A45 moves a visit to another patient, A50 gives it another number") {
  IntakeFixture fixture;
  fixture.take(message("A01", 0, pid("BN1") + pv1("VN1")));
  const auto moved =
      fixture.take(message("A45^ADT_A45", 10, pid("BN2") + "MRG|BN1^^^BVMAU^MR||||VN1\r" + pv1("VN1")));
  CHECK(moved.problems.empty());
  const auto owner = only_id(fixture, "BN2");
  CHECK(fixture.count("Encounter") == 1);
  CHECK(fixture.search("Encounter", "patient=" + owner).size() == 1);
  CHECK(fixture.search("Encounter", "patient=" + only_id(fixture, "BN1")).empty());
  fixture.take(message("A50", 20, pid("BN2") + "MRG|BN2^^^BVMAU^MR||||VN1\r" + pv1("VN7")));
  fixture.take(message("A03", 30, pid("BN2") + pv1("VN7")));
  CHECK(fixture.count("Encounter") == 1);
  const auto visits = fixture.search("Encounter", "identifier=VN7");
  REQUIRE(visits.size() == 1);
  CHECK_THAT(visits[0].json, Contains("\"finished\"") && Contains("VN1"));
}

TEST_CASE("intake: merged accounts are read and kept") {
  IntakeFixture fixture;
  const auto outcome =
      fixture.take(message("A41^ADT_A39", 10, pid("BN1") + "MRG|||AC1^^^BVMAU^AN\r" + pv1("VN1")));
  CHECK(outcome.fate == Fate::Stored);
  CHECK_FALSE(has_problem(outcome, 1701));
  CHECK(fixture.count("Patient") == 1);
  CHECK(fixture.search("Patient", "active=false").empty());
}

TEST_CASE("intake: without a repository an A40 goes on as a message") {
  IntakeSetup setup;
  setup.repository = false;
  IntakeFixture fixture(setup);
  CHECK(fixture.take(message("A40^ADT_A39", 10, pid("BN2") + "MRG|BN1^^^BVMAU^MR\r")).fate == Fate::Stored);
  CHECK(fixture.waiting(delivery::EntryKind::Message).size() == 1);
}

TEST_CASE(
    "intake: PID-3 is its source's whole list: a citizen id that it names no more is dropped, and its "
    "links") {
  IntakeFixture fixture;
  const std::string citizen = "~001085012345^^^CCCD^NI";
  const auto pid_of = [](const std::string& list) { return "PID|1||" + list + "||Lê^Thị^Mẫu||19900101|F\r"; };
  fixture.take(message("A08", 0, pid_of("BN1^^^BVMAU^MR" + citizen)));
  fixture.take(message("A08", 1, pid_of("BN2^^^BVMAU^MR" + citizen)));
  CHECK(fixture.search("Patient", "identifier=001085012345").size() == 2);
  CHECK_THAT(fixture.search("Patient", "identifier=BN1")[0].json, Contains("seealso"));
  fixture.take(message("A08", 5, pid_of("BN1^^^BVMAU^MR")));
  CHECK(fixture.search("Patient", "identifier=001085012345").size() == 1);
  for (const auto* number : {"BN1", "BN2"})
    CHECK_THAT(fixture.search("Patient", std::string("identifier=") + number)[0].json, !Contains("seealso"));
  fixture.take(message("A08", 2, pid_of("BN1^^^BVMAU^MR" + citizen)));  // an older event
  CHECK(fixture.search("Patient", "identifier=001085012345").size() == 1);
}
