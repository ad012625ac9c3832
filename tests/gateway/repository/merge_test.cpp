// Merges, changed numbers and moves (semantics 3, 4), and that the order in which they are heard of does not
// matter.
#include <algorithm>
#include <random>
#include <set>

#include "searching.h"

using namespace testing;
using Catch::Contains;

namespace {

std::string person(std::string_view number, std::string_view name, std::string_view more = {}) {
  return R"("identifier":[{"system":"urn:mrn","value":")" + std::string(number) + R"("}],"name":[{"text":")" +
         std::string(name) + "\"}]" + std::string(more);
}

std::string of_patient(std::string_view patient, std::string_view more = {}) {
  return R"("subject":{"reference":"Patient/@)" + std::string(patient) + "@\"}" + std::string(more);
}

Message merge(std::string_view time, std::string_view survivor, std::string_view replaced) {
  Message message(at(time));
  message.say("Patient", survivor, person(survivor, "Survivor", R"(,"gender":"female")"));
  message.mention("Patient", replaced, person(replaced, "Former"));
  return message.key_event(KeyEvent::MergedInto, survivor);
}

Message renumber(std::string_view time, std::string_view number, std::string_view former) {
  Message message(at(time));
  message.say("Patient", number, person(number, "Same"));
  message.mention("Patient", former, person(former, "Same"));
  return message.key_event(KeyEvent::RenumberedAs, number);
}

Message update(std::string_view time, std::string_view patient, std::string_view name,
               std::string_view more = {}) {
  return Message(at(time)).say("Patient", patient, person(patient, name, more));
}

Message visit(std::string_view time, std::string_view patient, std::string_view event,
              std::string_view key = "E") {
  Message message(at(time));
  message.mention("Patient", patient, person(patient, "?"));
  return message.say("Encounter", key,
                     R"("status":"in-progress","class":{"code":"IMP"},)" + of_patient(patient), event);
}

Message result(std::string_view time, std::string_view patient, std::string_view key) {
  Message message(at(time), 2);
  message.mention("Patient", patient, person(patient, "?"));
  return message.say("Observation", key, R"("status":"final",)" + of_patient(patient));
}

struct MergeStore : SearchStore {
  std::set<std::string> found_set(std::string_view type, const std::string& query) {
    const auto page = search(type, query);
    std::set<std::string> ids;
    for (const auto& one : page->resources) ids.insert(one.id);
    return ids;
  }
  bool has_problem(std::uint16_t number) const {
    return std::any_of(problems.problems().begin(), problems.problems().end(),
                       [&](const auto& problem) { return problem.number == number; });
  }
  std::string link(std::string_view key, std::string_view type) {
    return R"({"other":{"reference":"Patient/)" + id_of(key) + R"("},"type":")" + std::string(type) + "\"}";
  }
};

}  // namespace

TEST_CASE("merge: the replaced patient is inactive and says by whom, the survivor says whom it replaces") {
  MergeStore store;
  store.apply(update("08:00", "A", "Former"));
  store.apply(update("08:00", "B", "Survivor"));
  const auto outcome = store.apply(merge("09:00", "B", "A"));
  const auto replaced = store.read("Patient", "A");
  CHECK_THAT(replaced.json, Contains(R"("active":false)") && Contains(store.link("B", "replaced-by")));
  CHECK_THAT(store.read("Patient", "B").json,
             Contains(store.link("A", "replaces")) && !Contains(R"("active":false)"));
  CHECK(replaced.version == 2);
  CHECK(store.found("Patient", "active=false") == id_of("A"));
  CHECK_THAT(store.repository->read_version(*store.reader, "Patient", id_of("A"), "1")->json,
             !Contains("replaced-by") && !Contains("active"));
  std::set<std::string> changed;  // both go out again
  for (const auto& change : outcome.changes) {
    if (change.changed) changed.insert(change.id);
  }
  CHECK(changed == std::set<std::string>{id_of("A"), id_of("B")});
}

TEST_CASE("merge: said again, nothing gets a new version") {
  MergeStore store;
  store.apply(update("08:00", "A", "Former"));
  store.apply(merge("09:00", "B", "A"));
  for (const auto* time : {"09:00", "09:30"}) {
    const auto again = store.apply(merge(time, "B", "A"));
    CHECK(std::none_of(again.changes.begin(), again.changes.end(), [](const auto& c) { return c.changed; }));
  }
  CHECK(store.read("Patient", "A").version == 2);
  CHECK(store.read("Patient", "B").version == 1);
}

TEST_CASE("merge: a search by the survivor finds what the replaced one has, stored references stay") {
  MergeStore store;
  store.apply(result("08:00", "A", "O1"));
  store.apply(result("08:10", "B", "O2"));
  store.apply(merge("09:00", "B", "A"));
  store.apply(result("10:00", "A", "O3"));
  CHECK(store.found_set("Observation", "patient=" + id_of("B")) ==
        std::set<std::string>{id_of("O1"), id_of("O2"), id_of("O3")});
  CHECK(store.found_set("Observation", "subject=Patient/" + id_of("B")).size() == 3);
  CHECK(store.found_set("Observation", "patient=" + id_of("A")) == std::set<std::string>{id_of("O1")});
  CHECK_THAT(store.read("Observation", "O1").json, Contains("Patient/" + id_of("A")));
  CHECK_THAT(store.read("Observation", "O3").json, Contains("Patient/" + id_of("B")));
}

TEST_CASE("merge: later messages with the old number speak of the survivor, and neither number is lost") {
  MergeStore store;
  store.apply(update("08:00", "A", "Former"));
  store.apply(merge("09:00", "B", "A"));
  store.apply(update("10:00", "A", "Renamed", R"(,"telecom":[{"system":"phone","value":"0900"}])"));
  CHECK_THAT(store.read("Patient", "B").json, Contains("Renamed") && Contains("0900"));
  CHECK_THAT(store.read("Patient", "A").json, Contains("Former") && !Contains("Renamed"));
  CHECK(store.found_set("Patient", "identifier=urn:mrn|A") == std::set<std::string>{id_of("A"), id_of("B")});
  CHECK(store.found("Patient", "identifier=urn:mrn|B") == id_of("B"));
  store.apply(update("11:00", "B", "Again"));
  CHECK_THAT(store.read("Patient", "B").json, Contains("Again"));
  CHECK(store.found_set("Patient", "identifier=urn:mrn|A").size() == 2);
}

TEST_CASE("merge: of patients that nobody has heard of makes both") {
  MergeStore store;
  store.apply(merge("09:00", "B", "A"));
  CHECK_THAT(store.read("Patient", "A").json,
             Contains(R"("active":false)") && Contains(store.link("B", "replaced-by")));
  store.apply(update("08:00", "A", "Early"));
  CHECK_THAT(store.read("Patient", "A").json,
             Contains(R"("active":false)") && Contains("Early") && Contains("replaced-by"));
  CHECK_THAT(store.read("Patient", "B").json, !Contains("Early"));
}

TEST_CASE("merge: chains lead to the last survivor") {
  MergeStore store;
  store.apply(result("07:00", "A", "O1"));
  store.apply(merge("08:00", "B", "A"));
  store.apply(merge("09:00", "C", "B"));
  store.apply(result("10:00", "A", "O2"));
  CHECK(store.found_set("Observation", "patient=" + id_of("C")).size() == 2);
  CHECK_THAT(store.read("Observation", "O2").json, Contains("Patient/" + id_of("C")));
  CHECK_THAT(store.read("Patient", "B").json, Contains(store.link("A", "replaces")) &&
                                                  Contains(store.link("C", "replaced-by")) &&
                                                  Contains(R"("active":false)"));
  CHECK_THAT(store.read("Patient", "C").json, !Contains(R"("active":false)"));
}

TEST_CASE("merge: one that leads back is refused and told") {
  MergeStore store;
  store.apply(merge("08:00", "B", "A"));
  store.apply(merge("09:00", "A", "B"));
  CHECK(store.has_problem(kMergeRefused));
  CHECK_THAT(store.read("Patient", "B").json, !Contains(R"("active":false)"));
  CHECK_THAT(store.read("Patient", "A").json, Contains(store.link("B", "replaced-by")));
}

TEST_CASE("merge: another facility's patient is left alone") {
  MergeStore store;
  store.apply(update("08:00", "A", "Theirs").from_facility(2));
  store.apply(merge("09:00", "B", "A"));
  CHECK(store.has_problem(kOwnedElsewhere));
  CHECK_THAT(store.read("Patient", "A").json, !Contains("replaced-by") && Contains("Theirs"));
  CHECK_THAT(store.read("Patient", "B").json, !Contains("replaces"));
}

TEST_CASE("merge: the visit of the replaced patient goes on under the survivor's number") {
  MergeStore store;
  store.apply(visit("08:00", "A", "admit"));
  store.apply(merge("09:00", "B", "A"));
  store.apply(visit("10:00", "B", "discharge"));
  CHECK_FALSE(store.has_problem(kSubjectConflict));
  CHECK_THAT(store.read("Encounter", "E").json,
             Contains("\"finished\"") && Contains("Patient/" + id_of("B")));
  store.apply(visit("08:30", "A", "update"));
  CHECK_FALSE(store.has_problem(kSubjectConflict));
  CHECK_THAT(store.read("Encounter", "E").json, Contains("Patient/" + id_of("B")));
}

TEST_CASE("changed number: the patient stays the same, both numbers speak of it") {
  MergeStore store;
  store.apply(update("08:00", "A", "An", R"(,"birthDate":"1980-01-01")"));
  store.apply(result("08:10", "A", "O1"));
  store.apply(renumber("09:00", "N", "A"));
  CHECK_FALSE(store.exists("Patient", id_of("N")));
  store.apply(result("10:00", "N", "O2"));
  CHECK_THAT(store.read("Observation", "O2").json, Contains("Patient/" + id_of("A")));
  CHECK_THAT(store.read("Patient", "A").json,
             Contains("1980-01-01") && Contains("\"N\"") && !Contains("active"));
  CHECK(store.found("Patient", "identifier=urn:mrn|A") == id_of("A"));
  CHECK(store.found("Patient", "identifier=urn:mrn|N") == id_of("A"));
}

TEST_CASE("changed number: heard of late, what came under the new number is said of the patient") {
  MergeStore store;
  store.apply(update("08:00", "A", "An"));
  store.apply(update("10:00", "N", "Newer"));
  store.apply(result("10:10", "N", "O"));
  store.apply(renumber("09:00", "N", "A"));
  CHECK_THAT(store.read("Patient", "A").json, Contains("Newer") && Contains("\"N\"") && Contains("\"A\""));
  CHECK_THAT(store.read("Patient", "N").json, Contains(store.link("A", "replaced-by")));
  CHECK(store.found("Observation", "patient=" + id_of("A")) == id_of("O"));
}

TEST_CASE("changed visit number: one visit, and what refers to either number is found") {
  MergeStore store;
  store.apply(visit("08:00", "P", "admit", "V1"));
  Message changed(at("09:00"));
  changed.say("Patient", "P", person("P", "An"));
  changed.say("Encounter", "V2", R"("status":"in-progress","class":{"code":"IMP"},)" + of_patient("P"),
              "update");
  changed.mention("Encounter", "V1", R"("status":"unknown",)" + of_patient("P"));
  changed.key_event(KeyEvent::RenumberedAs, "V2");
  store.apply(visit("10:00", "P", "discharge", "V2"));
  store.apply(changed);
  CHECK_THAT(store.read("Encounter", "V1").json, Contains("\"finished\"") && Contains("10:00"));
  CHECK_THAT(store.read("Encounter", "V2").json, Contains("entered-in-error"));
  store.apply(visit("11:00", "P", "cancel-discharge", "V2"));
  CHECK_THAT(store.read("Encounter", "V1").json, Contains("\"status\":\"in-progress\""));
}

TEST_CASE("move: a visit changes its patient, and older messages are still its own") {
  MergeStore store;
  store.apply(visit("08:00", "A", "admit"));
  Message moved(at("09:00"));
  moved.say("Patient", "B", person("B", "An"));
  moved.say("Encounter", "E", R"("status":"in-progress","class":{"code":"IMP"},)" + of_patient("B"),
            "update");
  moved.key_event(KeyEvent::MovedFrom, "A");
  moved.mention("Patient", "A", person("A", "Binh"));
  SECTION("in order") {
    store.apply(moved);
    store.apply(visit("10:00", "B", "discharge"));
  }
  SECTION("heard of late") {
    store.apply(visit("10:00", "B", "discharge"));
    CHECK(store.has_problem(kSubjectConflict));
    store.apply(moved);
  }
  CHECK_FALSE(store.has_problem(kSubjectConflict));
  CHECK_THAT(store.read("Encounter", "E").json,
             Contains("\"finished\"") && Contains("Patient/" + id_of("B")));
  store.apply(visit("08:30", "A", "update"));
  CHECK_FALSE(store.has_problem(kSubjectConflict));
  store.apply(visit("11:00", "A", "update"));
  CHECK(store.has_problem(kSubjectConflict));
  CHECK_THAT(store.read("Encounter", "E").json, Contains("Patient/" + id_of("B")));
  CHECK_THAT(store.read("Patient", "A").json, !Contains("replaced-by"));
}

TEST_CASE(
    "merge: who receives the Patients of another gateway finds by the survivor what the replaced one has") {
  MergeStore hospital;
  SearchStore province;
  const auto deliver = [&](std::string_view type, std::string_view key, std::uint32_t facility = 1) {
    const auto version = hospital.read(type, key);
    RestRequest request;
    request.interaction = Interaction::Update;
    request.type = type;
    request.id = version.id;
    request.body = version.json;
    request.feed = FeedDelivery{{facility}, version.change};
    return province.write(request).has_value();
  };
  hospital.apply(result("08:00", "A", "O1"));
  hospital.apply(result("08:10", "B", "O2"));
  for (const auto* key : {"A", "B"}) REQUIRE(deliver("Patient", key));
  for (const auto* key : {"O1", "O2"}) REQUIRE(deliver("Observation", key));
  CHECK(province.search("Observation", "patient=" + id_of("B"))->resources.size() == 1);
  hospital.apply(merge("09:00", "B", "A"));
  SECTION("the replaced one first") {
    REQUIRE(deliver("Patient", "A"));
    REQUIRE(deliver("Patient", "B"));
  }
  SECTION("the survivor first") {
    REQUIRE(deliver("Patient", "B"));
    REQUIRE(deliver("Patient", "A"));
  }
  CHECK(province.search("Observation", "patient=" + id_of("B"))->resources.size() == 2);
  CHECK(province.read("Patient", "A").json.find("replaced-by") ==
        province.read("Patient", "A").json.rfind("replaced-by"));
}

TEST_CASE("merge: a link to another owner's patient joins nothing") {
  SearchStore province;
  const auto deliver = [&](std::string_view key, std::uint32_t facility, std::string_view more) {
    const std::string body =
        R"({"resourceType":"Patient","id":")" + id_of(key) + '"' + std::string(more) + "}";
    RestRequest request;
    request.interaction = Interaction::Update;
    request.type = "Patient";
    const std::string id = id_of(key);
    request.id = id;
    request.body = body;
    request.feed = FeedDelivery{{facility}, 100};
    REQUIRE(province.write(request));
  };
  deliver("A", 1, "");
  province.put("Observation", "o",
               R"("status":"final","subject":{"reference":"Patient/)" + id_of("A") + "\"}");
  deliver("B", 2, R"(,"link":[{"other":{"reference":"Patient/)" + id_of("A") + R"("},"type":"replaces"}])");
  CHECK(province.found("Observation", "patient=" + id_of("B")) == "");
  deliver("C", 1, R"(,"link":[{"other":{"reference":"Patient/)" + id_of("A") + R"("},"type":"replaces"}])");
  CHECK(province.found("Observation", "patient=" + id_of("C")) == "o");
}

TEST_CASE("move: what belongs to the visit goes with it, and is not taken back by older messages") {
  MergeStore store;
  const auto in_visit = [](std::string_view time, std::string_view patient, std::string_view value) {
    Message message(at(time), 2, 99);
    message.mention("Patient", patient, person(patient, "?"));
    message.mention("Encounter", "E", R"("status":"unknown",)" + of_patient(patient));
    return message.say("Observation", "O",
                       R"("status":"final","encounter":{"reference":"Encounter/@E@"},"valueString":")" +
                           std::string(value) + "\"," + of_patient(patient));
  };
  store.apply(visit("08:00", "A", "admit"));
  store.apply(in_visit("08:10", "A", "1"));
  store.apply(result("08:20", "A", "OTHER"));
  Message moved(at("09:00"));
  moved.say("Patient", "B", person("B", "An"));
  moved.say("Encounter", "E", R"("status":"in-progress","class":{"code":"IMP"},)" + of_patient("B"),
            "update");
  moved.key_event(KeyEvent::MovedFrom, "A");
  moved.mention("Patient", "A", person("A", "Binh"));
  store.apply(moved);
  CHECK(store.found("Observation", "patient=" + id_of("B")) == id_of("O"));
  CHECK(store.found("Observation", "patient=" + id_of("A")) == id_of("OTHER"));
  const auto version = store.read("Observation", "O").version;
  store.apply(moved);
  CHECK(store.read("Observation", "O").version == version);
  store.apply(in_visit("08:15", "A", "2"));
  CHECK_FALSE(store.has_problem(kSubjectConflict));
  CHECK(store.found("Observation", "patient=" + id_of("B")) == id_of("O"));
  store.apply(in_visit("10:00", "B", "3"));
  CHECK_FALSE(store.has_problem(kSubjectConflict));
  CHECK_THAT(store.read("Observation", "O").json, Contains("\"3\"") && Contains(id_of("B")));
}

TEST_CASE("merge: at any place among a day, with duplicates, the survivor and its searches end the same") {
  std::vector<Message> messages;
  messages.push_back(update("07:00", "A", "Old", R"(,"birthDate":"1970-01-01")"));
  messages.push_back(update("07:30", "B", "New"));
  messages.push_back(visit("08:00", "A", "admit"));
  messages.push_back(result("08:30", "A", "O1"));
  messages.push_back(merge("09:00", "B", "A"));
  messages.push_back(update("09:30", "A", "Late", R"(,"telecom":[{"system":"phone","value":"0900"}])"));
  messages.push_back(result("10:00", "A", "O2"));
  messages.push_back(visit("10:30", "B", "transfer"));
  messages.push_back(update("11:00", "B", "Last"));
  messages.push_back(visit("11:30", "B", "discharge"));
  messages.push_back(merge("12:00", "C", "B"));
  messages.push_back(result("12:30", "B", "O3"));
  const auto state = [&](const std::vector<std::size_t>& order) {
    MergeStore store;
    for (const auto index : order) store.apply(messages[index]);
    std::string all = store.content("Patient", "C") + store.content("Patient", "B");
    for (const auto& id : store.found_set("Observation", "patient=" + id_of("C"))) all += "\n" + id;
    for (const auto& id : store.found_set("Encounter", "status=finished&patient=" + id_of("C")))
      all += "\n" + id;
    const std::string encounter = store.content("Encounter", "E");
    return all + encounter.substr(encounter.find("\"status\""));
  };
  std::vector<std::size_t> order(messages.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const std::string expected = state(order);
  CHECK_THAT(expected, Contains("finished") && Contains(id_of("O3")) && Contains("replaced-by"));
  std::mt19937 random(20260309);
  for (int round = 0; round < 60; ++round) {
    auto shuffled = order;
    for (int i = 0; i < 3; ++i) shuffled.push_back(random() % messages.size());
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    std::string text;
    for (const auto index : shuffled) text += std::to_string(index) + " ";
    INFO("round " << round << ": " << text);
    REQUIRE(state(shuffled) == expected);
  }
}
