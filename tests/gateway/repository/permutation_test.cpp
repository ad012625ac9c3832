// Semantics 8: every order, with duplicates, of one patient's day ends in the same state.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "repository_store.h"

using namespace testing;
using Catch::Contains;

namespace {

std::string patient(std::string_view name, std::string_view phone) {
  return R"("identifier":[{"system":"urn:mrn","value":"77"}],"name":[{"use":"official","text":")" +
         std::string(name) + R"("}],"telecom":[{"system":"phone","value":")" + std::string(phone) +
         R"("}],"gender":"female")";
}

std::string visit(std::string_view status, std::string_view room, std::string_view more = {}) {
  return R"("status":")" + std::string(status) +
         R"(","class":{"code":"IMP"},"subject":{"reference":"Patient/@P@"},)" +
         R"("location":[{"location":{"display":")" + std::string(room) +
         R"("}}],"period":{"start":"2026-03-02T08:00:00+07:00")" + std::string(more) + "}";
}

Message adt(std::string_view time, std::string_view event, std::string_view name,
            const std::string& encounter) {
  Message message(at(time), 1, 10);
  message.say("Patient", "P", patient(name, "0900"));
  message.say("Encounter", "E", encounter, event);
  message.mention("Practitioner", "D", R"("name":[{"text":"Bs. )" + std::string(time) + "\"}]");
  return message;
}

Message oru(std::string_view time, std::string_view status, std::string_view value) {
  Message message(at(time), 2, 5);
  message.mention("Patient", "P", R"("name":[{"text":"X"}],"birthDate":"1999")");
  message.mention("Encounter", "E",
                  R"("status":"unknown","class":{"code":"IMP"},"subject":{"reference":"Patient/@P@"})");
  message.say("Observation", "O",
              R"("status":")" + std::string(status) +
                  R"(","subject":{"reference":"Patient/@P@"},"valueString":")" + std::string(value) + "\"");
  return message;
}

std::vector<Message> day() {
  std::vector<Message> messages;
  messages.push_back(adt("01:00", "admit", "A", visit("in-progress", "R1")));
  messages.push_back(adt("02:00", "transfer", "A", visit("in-progress", "R2")));
  messages.push_back(adt("03:00", "update", "B", visit("in-progress", "R2") + R"(,"priority":{"text":"U"})"));
  messages.push_back(
      adt("04:00", "discharge", "B", visit("finished", "R2", R"(,"end":"2026-03-02T11:00:00+07:00")")));
  messages.push_back(adt("05:00", "cancel-discharge", "B", visit("in-progress", "R2")));
  messages.push_back(adt("06:00", "cancel-admit", "C", visit("cancelled", "R2")));
  messages.push_back(adt("07:00", "update", "D", visit("cancelled", "R2")));
  messages.push_back(oru("02:30", "preliminary", "1"));
  messages.push_back(oru("03:30", "final", "2"));
  messages.push_back(oru("06:30", "preliminary", "3"));
  return messages;
}

std::string state_after(const std::vector<Message>& messages, const std::vector<std::size_t>& order) {
  RepositoryStore fixture;
  for (const auto index : order) fixture.apply(messages[index]);
  std::string state;
  for (const auto& [type, key] : {std::pair("Patient", "P"), std::pair("Encounter", "E"),
                                  std::pair("Observation", "O"), std::pair("Practitioner", "D")}) {
    state += fixture.content(type, key) + "\n";
  }
  return state;
}

// The fixture's store is slow to make; this many orders are tried, always the same ones.
constexpr int kOrders = 60;

}  // namespace

TEST_CASE("permutations: every order of a day, with duplicates, ends in the same state") {
  const auto messages = day();
  std::vector<std::size_t> order(messages.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const std::string expected = state_after(messages, order);
  CHECK_THAT(expected,
             Contains("\"D\"") && Contains("cancelled") && Contains("\"2\"") && Contains("statusHistory"));
  std::mt19937 random(20260302);
  for (int round = 0; round < kOrders; ++round) {
    auto shuffled = order;
    for (int i = 0; i < 4; ++i) shuffled.push_back(random() % messages.size());
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    INFO("round " << round);
    REQUIRE(state_after(messages, shuffled) == expected);
  }
}

TEST_CASE("permutations: reversed") {
  const auto messages = day();
  std::vector<std::size_t> order(messages.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const std::string expected = state_after(messages, order);
  std::reverse(order.begin(), order.end());
  CHECK(state_after(messages, order) == expected);
}

TEST_CASE("permutations: three sources' lists and snapshots end the same in every order") {
  std::vector<Message> messages;
  const auto demographics = [&](std::string_view time, std::uint32_t source, std::int32_t precedence,
                                std::string_view ids, std::string_view more) {
    messages.push_back(Message(at(time), source, precedence)
                           .say("Patient", "P", "\"identifier\":" + std::string(ids) + std::string(more)));
  };
  demographics("01:00", 1, 10, R"([{"system":"a","value":"1"},{"system":"b","value":"2"}])",
               R"(,"gender":"male")");
  demographics("02:00", 1, 10, R"([{"system":"a","value":"1"}])", R"(,"birthDate":"1980")");
  demographics("03:00", 2, 5, R"([{"system":"a","value":"1","use":"old"},{"system":"c","value":"3"}])",
               R"(,"gender":"female","maritalStatus":{"text":"M"})");
  demographics("01:30", 3, 5, R"([{"system":"c","value":"3","use":"temp"}])",
               R"(,"maritalStatus":{"text":"S"})");
  messages.push_back(Message(at("04:00"), 2, 5).say("Patient", "P", "").remove("maritalStatus"));
  const auto allergies = [&](std::string_view time, const std::vector<std::string>& keys) {
    Message message(at(time), 1, 10);
    message.mention("Patient", "P", R"("active":true)");
    for (const auto& key : keys)
      message.say("AllergyIntolerance", key, R"("patient":{"reference":"Patient/@P@"})");
    messages.push_back(message.snapshot("F|P|AL1", "AllergyIntolerance", "entered-in-error"));
  };
  allergies("01:00", {"A1", "A2"});
  allergies("02:00", {"A2", "A3"});
  allergies("03:00", {"A3", "A1"});
  const auto state = [&](const std::vector<std::size_t>& order) {
    RepositoryStore fixture;
    for (const auto index : order) fixture.apply(messages[index]);
    return fixture.content("Patient", "P") + fixture.content("AllergyIntolerance", "A1") +
           fixture.content("AllergyIntolerance", "A2") + fixture.content("AllergyIntolerance", "A3");
  };
  std::vector<std::size_t> order(messages.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const std::string expected = state(order);
  CHECK_THAT(expected, Contains("entered-in-error") && Contains("\"male\"") && !Contains("maritalStatus"));
  std::mt19937 random(7);
  for (int round = 0; round < kOrders; ++round) {
    auto shuffled = order;
    for (int i = 0; i < 3; ++i) shuffled.push_back(random() % messages.size());
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    INFO("round " << round);
    REQUIRE(state(shuffled) == expected);
  }
}
