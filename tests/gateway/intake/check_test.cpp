// The check step: what a message would make, judged by FHIR R4 before it is stored.
#include "tests/gateway/intake/intake_fixture.h"

using namespace lienthong;
using namespace lienthong::intake;

namespace {

// Discharged before the admission: FHIR's constraint per-1 does not hold.
std::string impossible_stay() {
  Header head;
  head.type = "ADT^A03^ADT_A03";
  return header(head) + "EVN|A03|20260302081500\rPID|1||BN0001^^^BVMAU^MR||Lê^Thị^Mẫu^^^^L||19900101|F\r" +
         "PV1|1|I|NOI^P1^G1^BVMAU" + std::string(16, '|') + "VN1" + std::string(25, '|') +
         "20260302080000|20260301080000\r";
}

IntakeSetup checking(CheckMode mode) {
  IntakeSetup setup;
  setup.rules.check = mode;
  return setup;
}

const Problem* find(const Outcome& outcome, std::uint16_t number) {
  for (const auto& problem : outcome.problems) {
    if (problem.number == number) return &problem;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("intake: a source that warns stores what breaks FHIR and says where") {
  IntakeFixture fixture(checking(CheckMode::Warn));
  const auto outcome = fixture.take(impossible_stay());
  CHECK(outcome.fate == Fate::Stored);
  CHECK(fixture.count("Encounter") == 1);
  const auto* problem = find(outcome, 1711);
  REQUIRE(problem != nullptr);
  CHECK(problem->severity == Severity::Warning);
  CHECK(problem->where_output == "Encounter.period");
  CHECK(outcome.answer.find("MSA|AA|") != std::string::npos);
  CHECK(outcome.answer.find("|207^") == std::string::npos);  // the sender's message is as HL7 wants it
  const auto text = Catalogue::gateway().text(*problem, Language::English);
  CHECK(text.find("per-1") != std::string::npos);
  CHECK(Catalogue::gateway().text(*problem, Language::Vietnamese) != text);
}

TEST_CASE("intake: a source that rejects refuses it, keeps it raw and stores nothing of it") {
  IntakeFixture fixture(checking(CheckMode::Reject));
  const auto outcome = fixture.take(impossible_stay());
  CHECK(outcome.fate == Fate::Refused);
  REQUIRE(find(outcome, 1711) != nullptr);
  CHECK(find(outcome, 1711)->severity == Severity::Error);
  CHECK(fixture.count("Encounter") == 0);
  CHECK(fixture.count("Patient") == 0);
  CHECK(fixture.waiting().empty());
  const auto kept = fixture.journal();
  REQUIRE(kept.size() == 1);
  CHECK(fixture.raw(kept[0].row) == impossible_stay());
  CHECK(fixture.take(admission()).fate == Fate::Stored);
}

TEST_CASE("intake: a source that does not check stores it without a word") {
  IntakeFixture fixture(checking(CheckMode::Off));
  const auto outcome = fixture.take(impossible_stay());
  CHECK(outcome.fate == Fate::Stored);
  CHECK(find(outcome, 1711) == nullptr);
}

TEST_CASE("intake: findings hold no values of the message") {
  IntakeFixture fixture(checking(CheckMode::Warn));
  auto message = admission();
  message.replace(message.find("|I|NOI"), 3, "|SECRETCLASS|");
  const auto outcome = fixture.take(message);
  for (const auto& problem : outcome.problems) {
    for (const auto& argument : problem.arguments) CHECK(argument.find("SECRETCLASS") == std::string::npos);
  }
}

TEST_CASE("intake: identifiers whose kinds FHIR's own list lacks are no warning") {
  IntakeFixture fixture(checking(CheckMode::Warn));
  auto message = admission();
  message.replace(message.find("^MR"), 3, "^MR~079180001234^^^^NI~DN4790000000001^^^BHYT^HC~B1234567^^^^PPN");
  const auto outcome = fixture.take(message);
  CHECK(outcome.fate == Fate::Stored);
  CHECK(find(outcome, 1711) == nullptr);
  CHECK(find(outcome, 1712) == nullptr);
}

TEST_CASE("intake: the same warning is told once, another one again") {
  IntakeFixture fixture(checking(CheckMode::Warn));
  const auto warns = [&](const std::string& control, const std::string& words) {
    Header head;
    head.type = "ORU^R01^ORU_R01";
    head.control = control;
    const auto outcome =
        fixture.take(header(head) + "PID|1||BN0001^^^BVMAU^MR||Lê^Mẫu||19900101|F\rOBR|1||F" + control +
                     "|XN^Xét nghiệm^L|||20260302080000\rOBX|1|NM|GLU^Glucose^L||5|mmol/L|||||F\rSPM|1|S" +
                     control + "||BLD^" + words + "^HL70487\r");
    CHECK(outcome.fate == Fate::Stored);
    return find(outcome, 1712) != nullptr;
  };
  CHECK(warns("W1", "Máu"));
  CHECK_FALSE(warns("W2", "Máu"));
  CHECK(warns("W3", "Nước tiểu"));
  CHECK_FALSE(warns("W4", "Máu"));
}

TEST_CASE("intake: a table's rows are kept with their headings, and are repeats only below the same ones") {
  IntakeSetup setup;
  setup.profile = "lissaokhue";
  setup.rules.check = CheckMode::Reject;
  IntakeFixture fixture(setup);
  const std::string headings = "Mã BN;Họ tên;Số phiếu;Mã XN;Kết quả;Đơn vị\n";
  const std::string rows =
      "L1;Lê Thị Mẫu;XN1;GLU;5,6;mmol/L\nL1;Lê Thị Mẫu;XN1;URE;4,1;mmol/L\nL2;Vũ Mẫu;XN2;GLU;5;mmol/L\n";
  const auto outcomes = fixture.take_all(headings + rows);
  REQUIRE(outcomes.size() == 2);
  CHECK(outcomes[0].fate == Fate::Stored);
  CHECK(fixture.count("Observation") == 3);
  CHECK(fixture.count("DiagnosticReport") == 2);
  const auto kept = fixture.journal();
  REQUIRE(kept.size() == 2);
  CHECK(fixture.raw(kept[1].row) == headings + "L2;Vũ Mẫu;XN2;GLU;5;mmol/L");
  for (const auto& outcome : fixture.take_all(headings + rows)) CHECK(outcome.duplicate);
  const auto alone = fixture.take(fixture.raw(kept[1].row));  // as a replay opens it
  CHECK(alone.fate == Fate::Stored);
  const std::string other = "Mã BN;Họ tên;Số phiếu;Mã XN;Kết quả;Ghi chú\n";
  for (const auto& outcome : fixture.take_all(other + rows)) CHECK_FALSE(outcome.duplicate);
}

TEST_CASE(
    "intake: a body larger than its window is taken whole, and a row that is shifted costs its report only") {
  IntakeSetup setup;
  setup.profile = "lissaokhue";
  IntakeFixture fixture(setup);
  std::string body = "Mã BN;Họ tên;Số phiếu;Mã XN;Kết quả;Đơn vị\n";
  constexpr int kOrders = 3000;
  for (int i = 0; i < kOrders; ++i) {
    const auto number = std::to_string(i);
    const auto row = "L" + number + ";" + std::string(100, 'x') + ";XN" + number + ";GLU;5,6;mmol/L";
    body += row + (i == 1500 ? ";;shifted\n" : "\n");
  }
  const auto outcomes = fixture.take_all(body);
  REQUIRE(outcomes.size() == kOrders);
  CHECK(fixture.count("Observation") == kOrders - 1);
  CHECK(outcomes[1500].fate == Fate::Refused);
  REQUIRE_FALSE(outcomes[1500].problems.empty());
  CHECK(outcomes[1500].problems.back().where_input == "row 1502");
}
