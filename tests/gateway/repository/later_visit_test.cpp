// A visit number that is used again long after the visit's end (semantics 4): two visits, whatever the order.
#include <algorithm>
#include <random>

#include "searching.h"

using namespace testing;
using Catch::Contains;

namespace {

constexpr int kDay = 24;

Message visit(int hour, std::string_view event, std::string_view room, std::string_view doctor = "D1") {
  Message message(at("00:00") + std::chrono::hours(hour));
  message.mention("Patient", "P", R"("gender":"male")");
  return message.say("Encounter", "E",
                     R"("status":"in-progress","class":{"code":"IMP"},"subject":{"reference":"Patient/@P@"},)"
                     R"("participant":[{"individual":{"display":")" +
                         std::string(doctor) + R"("}}],"location":[{"location":{"display":")" +
                         std::string(room) + "\"}}]",
                     event);
}

Message result(int hour, std::string_view key) {
  Message message(at("00:00") + std::chrono::hours(hour), 2);
  message.mention("Patient", "P", R"("gender":"male")");
  message.mention("Encounter", "E", R"("status":"unknown","subject":{"reference":"Patient/@P@"})");
  return message.say("Observation", key, R"("status":"final","encounter":{"reference":"Encounter/@E@"})");
}

std::string second() {
  return to_string(uuid_from_key(id_of("E") + "|visit|2"));
}

struct VisitStore : SearchStore {
  // Without what differs from run to run.
  std::string content_of(const std::string& id) {
    const auto found = repository->read(*reader, "Encounter", id);
    if (!found) return "none";
    return found->json.substr(found->json.find("\"status\""));
  }
  bool has_problem(std::uint16_t number) const {
    return std::any_of(problems.problems().begin(), problems.problems().end(),
                       [&](const auto& problem) { return problem.number == number; });
  }
};

std::vector<Message> two_visits() {
  std::vector<Message> messages;
  messages.push_back(visit(8, "admit", "R1"));
  messages.push_back(visit(12, "transfer", "R2"));
  messages.push_back(visit(2 * kDay, "discharge", "R2"));
  messages.push_back(visit(40 * kDay, "admit", "R3", "D2"));
  messages.push_back(visit(41 * kDay, "update", "R3", "D3"));
  messages.push_back(visit(42 * kDay, "discharge", "R3", "D3"));
  return messages;
}

}  // namespace

TEST_CASE("later visit: an admission long after the end makes a visit of its own, which is told once") {
  VisitStore store;
  const auto messages = two_visits();
  for (std::size_t i = 0; i < 3; ++i) store.apply(messages[i]);
  const std::string before = store.content_of(id_of("E"));
  store.apply(messages[3]);
  CHECK(store.has_problem(kAdmitAfterEnd));
  CHECK(store.content_of(id_of("E")) == before);
  CHECK_THAT(store.content_of(second()),
             Contains("in-progress") && Contains("R3") && Contains("D2") && !Contains("R1"));
  store.apply(messages[4]);
  CHECK_FALSE(store.has_problem(kAdmitAfterEnd));
  store.apply(messages[5]);
  CHECK_THAT(store.content_of(second()), Contains("\"finished\"") && Contains("D3"));
  CHECK(store.content_of(id_of("E")) == before);
  const auto version = store.repository->read(*store.reader, "Encounter", second())->version;
  store.apply(messages[3]);
  CHECK_FALSE(store.has_problem(kAdmitAfterEnd));
  CHECK(store.repository->read(*store.reader, "Encounter", second())->version == version);
  CHECK(store.found("Encounter", "patient=" + id_of("P")).size() == id_of("E").size() * 2 + 1);
}

TEST_CASE("later visit: what names the number belongs to the visit of its time") {
  VisitStore store;
  for (const auto& message : two_visits()) store.apply(message);
  store.apply(result(10, "O1"));
  store.apply(result(40 * kDay + 2, "O2"));
  CHECK(store.found("Observation", "encounter=" + id_of("E")) == id_of("O1"));
  CHECK(store.found("Observation", "encounter=" + second()) == id_of("O2"));
}

TEST_CASE("later visit: events and times end the same in every order, with duplicates") {
  const auto messages = two_visits();
  const auto state = [&](const std::vector<std::size_t>& order) {
    VisitStore store;
    for (const auto index : order) store.apply(messages[index]);
    std::string all;
    for (const auto& id : {id_of("E"), second()}) {
      // Who took part may be known of the later visit only: see the room's page.
      std::string one = store.content_of(id);
      const auto from = one.find("\"participant\"");
      if (from != std::string::npos) one.erase(from, one.find("}}]", from) + 4 - from);
      all += one + "\n";
    }
    return all;
  };
  std::vector<std::size_t> order(messages.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto expected = state(order);
  CHECK_THAT(expected, Contains("R1") && Contains("R3") && !Contains("entered-in-error"));
  std::mt19937 random(4);
  for (int round = 0; round < 60; ++round) {
    auto shuffled = order;
    for (int i = 0; i < 2; ++i) shuffled.push_back(random() % messages.size());
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    std::string text;
    for (const auto index : shuffled) text += std::to_string(index) + " ";
    INFO("round " << round << ": " << text);
    REQUIRE(state(shuffled) == expected);
  }
}

TEST_CASE("later visit: a cancelled discharge heard of late makes it one visit again") {
  VisitStore store;
  const auto messages = two_visits();
  for (std::size_t i = 0; i < 4; ++i) store.apply(messages[i]);
  store.apply(visit(3 * kDay, "cancel-discharge", "R2"));
  CHECK_THAT(store.content_of(id_of("E")), Contains("\"status\":\"in-progress\"") && Contains("D2"));
  CHECK_THAT(store.content_of(second()), Contains("entered-in-error"));
}

TEST_CASE("later visit: an admission soon after the end is the same visit") {
  VisitStore store;
  store.apply(visit(8, "admit", "R1"));
  store.apply(visit(12, "discharge", "R1"));
  store.apply(visit(3 * kDay, "admit", "R1"));
  CHECK_FALSE(store.has_problem(kAdmitAfterEnd));
  CHECK_THAT(store.content_of(id_of("E")), Contains("\"status\":\"in-progress\""));
  CHECK(store.content_of(second()) == "none");
}
