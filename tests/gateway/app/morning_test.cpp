#include "gateway/app/morning.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "gateway/app/morning_person.h"

using namespace lienthong::app;

namespace {

std::vector<MorningMessage> play(const MorningOptions& options) {
  Morning morning(options);
  std::vector<MorningMessage> messages;
  MorningMessage message;
  while (morning.next(message)) messages.push_back(message);
  return messages;
}

// Field `number` (MSH counted as HL7 does) of the first segment `name`.
std::string field(const std::string& message, const std::string& name, int number) {
  auto at = message.find(name + "|");
  if (at == std::string::npos) return {};
  const auto segment = message.substr(at, message.find('\r', at) - at);
  std::size_t from = 0;
  for (int i = name == "MSH" ? 1 : 0; i < number; ++i) {
    from = segment.find('|', from);
    if (from == std::string::npos) return {};
    ++from;
  }
  return segment.substr(from, segment.find('|', from) - from);
}

}  // namespace

TEST_CASE("a morning is the same bytes for the same seed, other ones for another") {
  const auto first = play({.patients = 150});
  const auto again = play({.patients = 150});
  const auto other = play({.patients = 150, .seed = 2});
  REQUIRE(first.size() == again.size());
  for (std::size_t i = 0; i < first.size(); ++i) REQUIRE(first[i].text == again[i].text);
  CHECK(first.front().text != other.front().text);
}

TEST_CASE("a morning holds every kind of message the base mapping takes") {
  std::map<std::string, int> types;
  for (const auto& message : play({.patients = 600})) ++types[message.type];
  for (const auto* type : {"ADT^A01", "ADT^A02", "ADT^A03", "ADT^A04", "ADT^A08", "ADT^A11", "ADT^A13",
                           "ADT^A28", "ADT^A31", "ORU^R01"}) {
    INFO(type);
    CHECK(types[type] > 0);
  }
}

TEST_CASE("control ids are unique, and a repeated message is the same bytes after its original") {
  std::map<std::string, std::string> seen;
  std::size_t repeated = 0;
  for (const auto& message : play({.patients = 300, .duplicates = true})) {
    const auto control_id = field(message.text, "MSH", 10);
    REQUIRE_FALSE(control_id.empty());
    REQUIRE(control_id.size() <= 20);
    if (message.repeated) {
      ++repeated;
      CHECK(seen.at(control_id) == message.text);
    } else {
      CHECK(seen.emplace(control_id, message.text).second);
    }
  }
  CHECK(repeated > 0);
}

TEST_CASE("no two invented people share a number, and citizen ids have their structure") {
  std::set<std::string> mrns, citizens, cards;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const auto person = invent_person(1, i);
    REQUIRE(mrns.insert(person.mrn).second);
    REQUIRE(cards.insert(person.insurance_number).second);
    REQUIRE(person.insurance_number.size() == 15);
    if (person.citizen_id.empty()) continue;
    REQUIRE(citizens.insert(person.citizen_id).second);
    REQUIRE(person.citizen_id.size() == 12);
    const bool born_2000 = person.birth_date >= "20000101";
    REQUIRE(person.citizen_id[3] - '0' == (born_2000 ? 2 : 0) + (person.male ? 0 : 1));
    REQUIRE(person.citizen_id.substr(4, 2) == person.birth_date.substr(2, 2));
  }
  CHECK(citizens.size() > 18'000);
}

TEST_CASE("patients of different parts of one morning are different people") {
  std::set<std::string> first, second;
  for (const auto& m : play({.patients = 50})) first.insert(field(m.text, "PID", 3));
  for (const auto& m : play({.patients = 50, .first_patient = 50})) second.insert(field(m.text, "PID", 3));
  CHECK(first.size() == 50);
  CHECK(second.size() == 50);
  for (const auto& id : second) CHECK_FALSE(first.contains(id));
}

TEST_CASE("a message is about a kilobyte, and its segments end in CR") {
  std::size_t bytes = 0;
  const auto messages = play({.patients = 500});
  for (const auto& message : messages) {
    bytes += message.text.size();
    REQUIRE(message.text.ends_with('\r'));
    REQUIRE(message.text.find('\n') == std::string::npos);
  }
  const auto average = bytes / messages.size();
  CHECK(average > 600);
  CHECK(average < 1400);
}

TEST_CASE("the place of a visit's fields is that of HL7 v2.5.1") {
  const auto messages = play({.patients = 600});
  const auto discharge =
      std::find_if(messages.begin(), messages.end(), [](const auto& m) { return m.type == "ADT^A03"; });
  REQUIRE(discharge != messages.end());
  CHECK(field(discharge->text, "PV1", 19).ends_with("^^^79999^VN"));
  CHECK(field(discharge->text, "PV1", 44).size() == 14);
  CHECK(field(discharge->text, "PV1", 45).size() == 14);
  CHECK(field(discharge->text, "MSH", 12) == "2.5.1");
  CHECK(field(discharge->text, "MSH", 18) == "UNICODE UTF-8");
  const auto result =
      std::find_if(messages.begin(), messages.end(), [](const auto& m) { return m.type == "ORU^R01"; });
  CHECK(field(result->text, "OBR", 22).size() == 14);
  CHECK(field(result->text, "OBR", 24) == "LAB");
  CHECK(field(result->text, "OBR", 25) == "F");
  CHECK(field(result->text, "OBX", 11) == "F");
  CHECK(field(result->text, "OBX", 14).size() == 14);
  CHECK(field(result->text, "SPM", 17).size() == 14);
}
