// Semantics 8 at the FHIR API: one patient's day, in every order and with duplicates, ends in the same state.
// Each order has a patient, a visit, a doctor and a ward of its own in one gateway, so that orders do not
// meet.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <regex>

#include "tests/integration/support/content.h"
#include "tests/integration/support/hospital.h"

using namespace lienthong;
using namespace lienthong::test;
using Catch::Contains;

namespace {

// Stands for the number of the order in the messages below.
constexpr const char* kNumber = "@N@";

struct Event {
  const char* trigger;
  const char* time;
  const char* segments;
};

const std::vector<Event> kDay = {
    {"A01", "20260302080000",
     "PID|1||BN@N@^^^79999^MR~0123@N@^^^CCCD^NI||Nguyễn^Hoa^Thị^^^^L||19800115|F|||1 Lê "
     "Lợi^^Huế^^^VNM^H||0900^PRN^CP\r"
     "PV1|1|I|W@N@^P1^G1^79999|R|||BS@N@^Trần^An||||||||||||L@N@^^^79999^VN|||||||||||||||||||||||||"
     "20260302080000\r"
     "AL1|1|DA|PENI^Penicillin^L\rAL1|2|FA|TOM^Tôm^L\rDG1|1||I10^Tăng huyết áp^I10|||A\r"},
    {"A08", "20260302090000",
     "PID|1||BN@N@^^^79999^MR||Nguyễn^Hoa^Thị^^^^L||19800116|F|||2 Hùng Vương^^Huế^^^VNM^H||0911^PRN^CP\r"
     "PV1|1|I|W@N@^P1^G1^79999|U|||BS@N@^Trần^An||||||||||||L@N@^^^79999^VN|||||||||||||||||||||||||"
     "20260302080000\r"
     "AL1|1|DA|PENI^Penicillin^L\rDG1|1||I10^Tăng huyết áp^I10|||A\rDG1|2||J18.9^Viêm phổi^I10|||A\r"},
    {"A02", "20260302100000",
     "PID|1||BN@N@^^^79999^MR||Nguyễn^Hoa^Thị^^^^L||19800116|F\r"
     "PV1|1|I|W@N@^P2^G7^79999|U||W@N@^P1^G1^79999|BS@N@^Trần^An||||||||||||L@N@^^^79999^VN||||||||||||||||||"
     "|||||||"
     "20260302080000\r"},
    {"A03", "20260302110000",
     "PID|1||BN@N@^^^79999^MR||Nguyễn^Hoa^Thị^^^^L||19800116|F\r"
     "PV1|1|I|W@N@^P2^G7^79999|U|||BS@N@^Trần^An||||||||||||L@N@^^^79999^VN|||||||||||||||||||||||||"
     "20260302080000|"
     "20260302110000\r"},
    {"A13", "20260302120000",
     "PID|1||BN@N@^^^79999^MR||Nguyễn^Hòa^Thị^^^^L||19800116|F\r"
     "PV1|1|I|W@N@^P2^G7^79999|U|||BS@N@^Trần^An||||||||||||L@N@^^^79999^VN|||||||||||||||||||||||||"
     "20260302080000\r"},
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

std::string message_of(std::size_t index, const std::string& control_id, const std::string& order) {
  const auto& event = kDay[index];
  return replaced(adt(event.trigger, control_id, event.time, event.segments), kNumber, order);
}

// All orders, each with two messages once more at random places: one as it was sent, one with another control
// id, which is worked on again.
std::vector<std::vector<std::size_t>> all_orders() {
  std::vector<std::size_t> order(kDay.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::vector<std::vector<std::size_t>> orders;
  std::mt19937 random(20260302);
  do {
    auto with_repeats = order;
    for (int i = 0; i < 2 && !orders.empty(); ++i) {
      const auto place = static_cast<std::ptrdiff_t>(random() % (with_repeats.size() + 1));
      with_repeats.insert(with_repeats.begin() + place, random() % kDay.size());
    }
    orders.push_back(std::move(with_repeats));
  } while (std::next_permutation(order.begin(), order.end()));
  return orders;
}

// Seven digits that occur nowhere else.
std::string number_of(std::size_t order) {
  return std::to_string(7'310'000 + order);
}

void send_all(Hospital& hospital, const std::vector<std::vector<std::size_t>>& orders) {
  Peer peer(hospital.mllp());
  for (std::size_t i = 0; i < orders.size(); ++i) {
    std::vector<int> times(kDay.size());
    for (std::size_t place = 0; place < orders[i].size(); ++place) {
      const auto index = orders[i][place];
      const bool anew = times[index]++ > 0 && place % 2 == 0;
      auto id = number_of(i) + "-" + std::to_string(index) + (anew ? "-again" : "");
      const auto answer = peer.exchange(message_of(index, id, number_of(i)));
      INFO(answer);
      REQUIRE(code_of(answer) == "AA");
    }
  }
}

// The resources of one order, without what differs by the order's number: the number itself and the ids made
// from it (the patient's and the visit's keep their names).
std::vector<std::string> state_of(const std::map<std::string, std::string>& content,
                                  const std::string& order) {
  static const std::regex kId("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  std::string patient = "none", visit = "none";
  for (const auto& [id, json] : content) {
    if (json.find(order) == std::string::npos) continue;
    if (id.rfind("Patient/", 0) == 0) patient = id;
    if (id.rfind("Encounter/", 0) == 0) visit = id;
  }
  std::vector<std::string> state;
  for (const auto& [id, json] : content) {
    if (json.find(order) == std::string::npos && json.find(patient) == std::string::npos) continue;
    auto text = replaced(replaced(replaced(json, patient, "Patient/P"), visit, "Encounter/E"), order, "N");
    state.push_back(std::regex_replace(text, kId, "#"));
  }
  std::sort(state.begin(), state.end());
  return state;
}

}  // namespace

TEST_CASE("permutations: every order of a patient's day, with duplicates, reads the same at the FHIR API") {
  const auto orders = all_orders();
  REQUIRE(orders.size() == 120);
  Hospital hospital;
  send_all(hospital, orders);
  const auto content = newest(read_content(hospital.http()));
  const auto expected = state_of(content, number_of(0));
  std::string all;
  for (const auto& one : expected) all += one + '\n';
  INFO(all);
  REQUIRE(expected.size() >= 6);
  // The day itself came out: the last name, the new address, the ended allergy, the reopened visit.
  CHECK_THAT(all, Contains("Hòa") && Contains("Hùng Vương") && Contains("\"inactive\"") &&
                      Contains("\"in-progress\"") && Contains("statusHistory"));
  for (std::size_t i = 1; i < orders.size(); ++i) {
    std::string order;
    for (const auto index : orders[i]) order += std::string(kDay[index].trigger) + ' ';
    INFO(order);
    REQUIRE(state_of(content, number_of(i)) == expected);
  }
}
