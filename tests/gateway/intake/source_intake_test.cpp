// A message's way from its bytes to its answer, with every room that it passes.
#include "gateway/intake/source_intake.h"

#include "tests/gateway/intake/intake_fixture.h"

using namespace lienthong;
using namespace lienthong::intake;
using Catch::Contains;

namespace {

bool has_problem(const Outcome& outcome, std::uint16_t number) {
  for (const auto& problem : outcome.problems) {
    if (problem.number == number && problem.catalogue.empty()) return true;
  }
  return false;
}

SourceRules with_state(SourceState state) {
  SourceRules rules;
  rules.state = state;
  return rules;
}

Header numbered(std::string control) {
  Header head;
  head.control = std::move(control);
  return head;
}

}  // namespace

TEST_CASE("intake: an admission is one journal row, its resources and their outbox rows, in one commit") {
  IntakeFixture fixture;
  const auto message = admission();
  const auto before = fixture.store().counters().commits;
  const auto outcome = fixture.take(message);
  CHECK(fixture.store().counters().commits == before + 1);
  CHECK(outcome.fate == Fate::Stored);
  CHECK_FALSE(outcome.duplicate);
  CHECK_THAT(outcome.answer, Contains("MSA|AA|C1"));
  const auto journal = fixture.journal();
  REQUIRE(journal.size() == 1);
  CHECK(journal[0].number == outcome.number);
  CHECK(journal[0].kind == "ADT^A01");
  CHECK(journal[0].control_id == "C1");
  CHECK(journal[0].fate == journal::Fate::Stored);
  CHECK(fixture.raw(journal[0].row) == message);
  const auto patients = fixture.resources("Patient");
  REQUIRE(patients.size() == 1);
  CHECK_THAT(patients[0].json, Contains("\"BN0001\"") && Contains("\"female\"") &&
                                   Contains("urn:uuid:" + to_string(outcome.number.value)));
  CHECK(fixture.count("Encounter") == 1);
  std::uint64_t all = 0;
  auto counts = repository::sqlite::make_repository()->counts(*fixture.reader());
  for (const auto& one : counts.value()) all += one.count;
  CHECK(all >= 4);
  CHECK(fixture.waiting().size() == all);
}

TEST_CASE("intake: each result row becomes an Observation; what is no number is kept and reported by place") {
  IntakeFixture fixture;
  const auto outcome = fixture.take(results("R1"));
  CHECK(outcome.fate == Fate::Stored);
  CHECK(fixture.count("Observation") == 3);
  CHECK(fixture.count("DiagnosticReport") == 1);
  REQUIRE_FALSE(outcome.problems.empty());
  bool by_place = false;
  for (const auto& problem : outcome.problems) by_place = by_place || problem.where_input == "OBX[3]-5";
  CHECK(by_place);
  CHECK_THAT(fixture.journal()[0].problems, Contains("OBX[3]-5") && !Contains("7,5"));
}

TEST_CASE("intake: a repeat is answered as before and changes nothing") {
  IntakeFixture fixture;
  const auto first = fixture.take(admission());
  fixture.deliver_all();
  auto head = numbered("C1");
  head.time = "20260302081959";  // sent again later: MSH-7 is not content
  const auto second = fixture.take(admission(head));
  CHECK(second.duplicate);
  CHECK(second.fate == Fate::Stored);
  CHECK(second.number == first.number);
  CHECK_THAT(second.answer, Contains("MSA|AA|C1"));
  CHECK(fixture.journal().size() == 1);
  CHECK(fixture.waiting().empty());
  CHECK(fixture.resources("Patient")[0].version == 1);
}

TEST_CASE("intake: two of the same waiting for the same commit are one") {
  IntakeFixture fixture;
  int stored = 0, repeated = 0;
  for (int i = 0; i < 8; ++i) {
    fixture.intake().take(0, admission(), [&](Outcome one) { ++(one.duplicate ? repeated : stored); });
  }
  fixture.thread().run_until([&] { return stored + repeated == 8; });
  CHECK(stored == 1);
  CHECK(fixture.journal().size() == 1);
}

TEST_CASE("intake: outside the window the same message is taken anew") {
  IntakeFixture fixture;
  SourceRules rules;
  rules.duplicate_window = std::chrono::hours(1);
  fixture.change(rules);
  fixture.take(admission());
  fixture.clock().advance(std::chrono::hours(2));
  CHECK_FALSE(fixture.take(admission()).duplicate);
  CHECK(fixture.journal().size() == 2);
}

TEST_CASE("intake: a used control id with other content is taken with a warning, or refused with 205") {
  IntakeFixture fixture;
  fixture.take(admission(numbered("C1"), "F"));
  SECTION("lenient") {
    const auto other = fixture.take(admission(numbered("C1"), "M"));
    CHECK(other.fate == Fate::Stored);
    CHECK(has_problem(other, 1703));
    CHECK_THAT(other.answer,
               Contains("MSA|AA|C1") && Contains("ERR|||205^Duplicate key identifier^HL70357|W|"));
    CHECK_THAT(fixture.resources("Patient")[0].json, Contains("\"male\""));
    CHECK_THAT(fixture.journal()[1].problems, Contains("1703"));
  }
  SECTION("strict") {
    SourceRules rules;
    rules.strict_duplicates = true;
    fixture.change(rules);
    fixture.deliver_all();
    const auto other = fixture.take(admission(numbered("C1"), "M"));
    CHECK(other.fate == Fate::Refused);
    CHECK_THAT(other.answer, Contains("MSA|AR|C1") && Contains("205^"));
    CHECK_THAT(fixture.resources("Patient")[0].json, Contains("\"female\""));
    CHECK(fixture.waiting().empty());
    REQUIRE(fixture.journal().size() == 2);
    CHECK(fixture.journal()[1].fate == journal::Fate::Refused);
    const auto again = fixture.take(admission(numbered("C1"), "M"));
    CHECK(again.duplicate);
    CHECK(again.fate == Fate::Refused);
    CHECK_THAT(again.answer, Contains("MSA|AR|C1"));
  }
}

TEST_CASE(
    "intake: test traffic is refused with 202 unless the source is marked test; then it carries the tag") {
  IntakeFixture fixture;
  auto head = numbered("T1");
  head.processing = GENERATE("T", "D");
  const auto refused = fixture.take(admission(head));
  CHECK(refused.fate == Fate::Refused);
  CHECK(has_problem(refused, 1702));
  CHECK_THAT(refused.answer, Contains("MSA|AR|T1") && Contains("202^"));
  CHECK(fixture.journal()[0].fate == journal::Fate::Refused);
  CHECK(fixture.count("Patient") == 0);
  SourceRules rules;
  rules.settings.test = true;
  fixture.change(rules);
  head.control = "T2";
  CHECK(fixture.take(admission(head)).fate == Fate::Stored);
  CHECK_THAT(fixture.resources("Patient")[0].json, Contains("HTEST"));
}

TEST_CASE("intake: a message without a processing id counts as production") {
  IntakeFixture fixture;
  auto head = numbered("C1");
  head.processing = "";
  CHECK(fixture.take(admission(head)).fate == Fate::Stored);
  CHECK(fixture.count("Patient") == 1);
}

TEST_CASE("intake: a type that no mapping takes is kept with a warning, or refused with 200") {
  IntakeFixture fixture;
  auto head = numbered("U1");
  head.type = "ADT^A99^ADT_A99";
  SECTION("keep") {
    const auto kept = fixture.take(admission(head));
    CHECK(kept.fate == Fate::Stored);
    CHECK(has_problem(kept, 1701));
    CHECK_THAT(kept.answer, Contains("MSA|AA|U1"));
    CHECK(fixture.journal()[0].kind == "ADT^A99");
  }
  SECTION("refuse") {
    SourceRules rules;
    rules.keep_unknown_types = false;
    fixture.change(rules);
    const auto refused = fixture.take(admission(head));
    CHECK(refused.fate == Fate::Refused);
    CHECK_THAT(refused.answer, Contains("MSA|AR|U1") && Contains("200^"));
    CHECK(fixture.journal()[0].fate == journal::Fate::Refused);
  }
  CHECK(fixture.count("Patient") == 0);
  CHECK(fixture.waiting().empty());
}

TEST_CASE("intake: what cannot be read is kept as it came, each time, and refused") {
  IntakeFixture fixture;
  for (int i = 0; i < 2; ++i) {
    const auto refused = fixture.take("no message of any kind");
    CHECK(refused.fate == Fate::Refused);
    CHECK_FALSE(refused.duplicate);
    CHECK_FALSE(refused.problems.empty());
  }
  const auto journal = fixture.journal();
  REQUIRE(journal.size() == 2);
  CHECK(journal[0].kind == "unreadable");
  CHECK(fixture.raw(journal[1].row) == "no message of any kind");
  CHECK(fixture.take(admission()).fate == Fate::Stored);
}

TEST_CASE("intake: a message above the source's limit is kept unread and refused") {
  IntakeFixture fixture;
  SourceRules rules;
  rules.max_message = 300;
  fixture.change(rules);
  const auto refused = fixture.take(results("R1"));
  CHECK(refused.fate == Fate::Refused);
  CHECK(has_problem(refused, 1706));
  CHECK_THAT(refused.answer, Contains("MSA|AR|R1"));
  CHECK(fixture.journal()[0].fate == journal::Fate::Refused);
  CHECK(fixture.count("Observation") == 0);
}

TEST_CASE(
    "intake: the beginning of a message above the source's limit is kept and refused by its control id") {
  IntakeFixture fixture;
  const std::string beginning = results("R1").substr(0, 300);
  const auto refused = fixture.take_beginning(beginning);
  CHECK(refused.fate == Fate::Refused);
  CHECK(has_problem(refused, 1706));
  CHECK_THAT(refused.answer, Contains("MSA|AR|R1"));
  const auto journal = fixture.journal();
  REQUIRE(journal.size() == 1);
  CHECK(fixture.raw(journal[0].row) == beginning);
}

TEST_CASE("intake: a sender that the table of facilities does not name is put aside, not guessed") {
  IntakeFixture fixture;
  SourceRules rules;
  rules.settings.facilities = {{"BVKHAC", "BVKHAC"}};
  fixture.change(rules);
  const auto aside = fixture.take(admission());
  CHECK(aside.fate != Fate::Stored);
  CHECK(fixture.journal().size() == 1);
  CHECK(fixture.count("Patient") == 0);
}

TEST_CASE("intake: learning uses nothing, shadow stores, live delivers") {
  IntakeFixture fixture;
  fixture.change(with_state(SourceState::Learn));
  CHECK(fixture.take(admission(numbered("C1"))).fate == Fate::Stored);
  CHECK(fixture.journal().size() == 1);
  CHECK(fixture.count("Patient") == 0);
  fixture.change(with_state(SourceState::Shadow));
  CHECK(fixture.take(admission(numbered("C2"))).fate == Fate::Stored);
  CHECK(fixture.count("Patient") == 1);
  CHECK(fixture.waiting().empty());
  fixture.change(with_state(SourceState::Live));
  CHECK(fixture.take(admission(numbered("C3"), "M")).fate == Fate::Stored);
  CHECK_FALSE(fixture.waiting().empty());
}

TEST_CASE("intake: where no repository is kept, the messages themselves wait for the destinations") {
  IntakeSetup setup;
  setup.repository = false;
  IntakeFixture fixture(setup);
  CHECK(fixture.take(admission(numbered("C1"))).fate == Fate::Stored);
  CHECK(fixture.take(results("C2")).fate == Fate::Stored);
  CHECK(fixture.take(admission(numbered("C1"))).duplicate);
  const auto waiting = fixture.waiting(delivery::EntryKind::Message);
  REQUIRE(waiting.size() == 2);
  CHECK(waiting[0].message == fixture.journal()[0].row);
  CHECK(waiting[0].lane == waiting[1].lane);  // the same patient
  CHECK(fixture.count("Patient") == 0);
  fixture.change(with_state(SourceState::Shadow));
  fixture.take(admission(numbered("C3")));
  CHECK(fixture.waiting(delivery::EntryKind::Message).size() == 2);
}

TEST_CASE("intake: enhanced mode answers by MSH-15, else by MSH-16, or not at all") {
  IntakeFixture fixture;
  const auto answer = [&](std::string control, std::string accept, std::string application) {
    auto head = numbered(std::move(control));
    head.accept_ack = std::move(accept);
    head.application_ack = std::move(application);
    return fixture.take(admission(head)).answer;
  };
  CHECK_THAT(answer("E1", "AL", "NE"), Contains("MSA|CA|E1"));
  CHECK_THAT(answer("E2", "NE", "AL"), Contains("MSA|AA|E2"));
  CHECK(answer("E3", "NE", "NE").empty());
  CHECK(answer("E4", "ER", "ER").empty());
  CHECK(answer("E4", "ER", "ER").empty());  // repeated: as before
}

TEST_CASE("intake: an answer says a problem of the format in words, never a patient's data") {
  IntakeSetup setup;
  auto& rules = setup.rules;
  rules.ack = AckPolicy::Processed;
  IntakeFixture fixture(setup);
  const std::string line = "PID|1||BN0001^^^HIS^MR||Nguyễn^Mẫu|||F\r";
  const auto headless = fixture.take(line).answer;
  CHECK_THAT(headless,
             Contains("MSA|AE|\r") && Contains("|100^Segment sequence error^HL70357|E||||No MSH segment"));
  CHECK_THAT(headless, !Contains("hl7v2-1") && !Contains("BN0001"));

  const auto two_headers = [](const std::string& version, const std::string& accept) {
    const std::string head = "MSH|^~\\&|HIS|BV|LT|LT|20260302080000||ADT^A01^ADT_A01|";
    const std::string tail = "|P|" + version + "|||" + accept + "|\r";
    return head + "H1" + version + accept + tail + "EVN|A01|20260302080000\r" +
           "PID|1||BN0001^^^HIS^MR||Nguyễn^\\Q\\Mẫu|||F\r" + head + "H2" + tail;
  };
  const std::string said = "A second message header stands inside the message";
  CHECK_THAT(fixture.take(two_headers("2.3.1", "")).answer, Contains("MSA|AE|H12.3.1|" + said));
  CHECK_THAT(fixture.take(two_headers("2.5.1", "")).answer, Contains("|E||||" + said));
  const auto enhanced = fixture.take(two_headers("2.5.1", "AL")).answer;
  CHECK_THAT(enhanced, Contains("MSA|CE|H12.5.1AL\r") && Contains("|E||||" + said));
  CHECK_THAT(enhanced, !Contains("BN0001") && !Contains("\\Q\\"));
}

TEST_CASE("intake: a sender that the table of facilities does not name is told so, and how to go on") {
  IntakeFixture fixture;
  SourceRules rules;
  rules.ack = AckPolicy::Processed;
  rules.settings.facilities = {{"BV1", "79001"}};
  fixture.change(rules);
  const auto outcome = fixture.take(admission());
  CHECK(outcome.fate == Fate::Quarantined);
  CHECK_THAT(outcome.answer, Contains("is not in this source's table of facilities"));
}
