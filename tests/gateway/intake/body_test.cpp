// Files and bodies with many messages.
#include "tests/gateway/intake/intake_fixture.h"

using namespace lienthong;
using namespace lienthong::intake;

namespace {

std::string numbered(int number) {
  Header head;
  head.control = "B" + std::to_string(number);
  return admission(head);
}

std::size_t stored(const std::vector<Outcome>& outcomes) {
  std::size_t count = 0;
  for (const auto& outcome : outcomes) count += outcome.fate == Fate::Stored && !outcome.duplicate ? 1 : 0;
  return count;
}

bool says(const std::vector<Outcome>& outcomes, std::uint16_t number) {
  for (const auto& outcome : outcomes) {
    for (const auto& problem : outcome.problems) {
      if (problem.number == number) return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("intake: a batch's messages are all taken, in their order, whatever their number") {
  IntakeFixture fixture;
  std::string body = "FHS|^~\\&|HIS|BVMAU\rBHS|^~\\&|HIS|BVMAU\r";
  constexpr int kMessages = 600;  // more than may wait for the disk at once
  for (int i = 0; i < kMessages; ++i) body += numbered(i);
  body += "BTS|600\rFTS|1\r";
  const auto outcomes = fixture.take_all(body);
  REQUIRE(outcomes.size() == kMessages);
  CHECK(stored(outcomes) == kMessages);
  journal::MessageFilter filter;
  filter.limit = 1000;
  const auto kept = journal::list_messages(*fixture.reader(), filter).value();
  REQUIRE(kept.size() == kMessages);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    CHECK(kept[i].control_id == "B" + std::to_string(i));
    CHECK(kept[i].number == outcomes[i].number);
  }
  const auto again = fixture.take_all(body);
  CHECK(stored(again) == 0);
  CHECK(again.front().duplicate);
}

TEST_CASE("intake: what is no message in a body is reported, and what stands around it is taken") {
  IntakeFixture fixture;
  const auto outcomes = fixture.take_all(numbered(1) + "\x1c\rsome words of another program\r" + numbered(2));
  CHECK(stored(outcomes) == 2);
  CHECK(fixture.journal().size() >= 2);
  CHECK(says(outcomes, 5));
}

TEST_CASE("intake: a batch that says another number of messages than it holds is reported") {
  IntakeFixture fixture;
  const auto outcomes = fixture.take_all("BHS|^~\\&|HIS|BVMAU\r" + numbered(1) + numbered(2) + "BTS|3\r");
  CHECK(stored(outcomes) == 2);
  CHECK(says(outcomes, 8));
}

TEST_CASE("intake: a body without a message is refused") {
  IntakeFixture fixture;
  for (const auto* body : {"", "\r\n\r\n", "{\"not\":\"hl7\"}"}) {
    CAPTURE(body);
    const auto outcomes = fixture.take_all(body);
    REQUIRE(outcomes.size() == 1);
    CHECK(outcomes[0].fate == Fate::Refused);
    CHECK_FALSE(outcomes[0].problems.empty());
  }
}

TEST_CASE("intake: one bad message among good ones has its own fate") {
  IntakeFixture fixture;
  Header test;
  test.control = "B9";
  test.processing = "T";
  const auto outcomes = fixture.take_all(numbered(1) + admission(test) + numbered(2));
  REQUIRE(outcomes.size() == 3);
  CHECK(outcomes[0].fate == Fate::Stored);
  CHECK(outcomes[1].fate == Fate::Refused);
  CHECK(outcomes[2].fate == Fate::Stored);
}
