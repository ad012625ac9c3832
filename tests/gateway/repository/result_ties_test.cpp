// Claims copies and the results that they are of (semantics 16). All people are invented.
#include <algorithm>
#include <random>

#include "gateway/identity/links.h"
#include "searching.h"

using namespace testing;
using Catch::Contains;

namespace {

std::string person(std::string_view number, std::string_view name = "Lý Thị Sen") {
  return R"("identifier":[{"system":"urn:n","value":")" + std::string(number) +
         R"("},{"type":{"coding":[{"code":"NI"}]},"system":"urn:cccd","value":"079190000001"}],)" +
         R"("name":[{"text":")" + std::string(name) + R"("}],"gender":"female","birthDate":"1990-04-12")";
}

struct Finding {
  std::string patient = "LIS", key = "O";
  std::string code = R"({"system":"http://loinc.org","code":"14749-6"})";
  std::string value = R"("valueQuantity":{"value":7.1,"unit":"mmol/L"})";
  std::string effective = "2026-03-02T08:00:00+07:00";
  std::string status = "final";
  std::string_view time = "08:00";
};

std::string members(const Finding& result, bool is_copy) {
  return std::string(is_copy ? R"("meta":{"tag":[{"system":"urn:lienthong:tag","code":"claims-copy"}]},)"
                             : "") +
         R"("status":")" + result.status + R"(","code":{"coding":[)" + result.code +
         R"(]},"subject":{"reference":"Patient/@)" + result.patient + R"(@"},"effectiveDateTime":")" +
         result.effective + R"(",)" + result.value;
}

// The laboratory knows the person by its own number; so does the insurance department.
Message lab(const Finding& result) {
  Message message(at(result.time), 3, 5);
  message.mention("Patient", result.patient, person(result.patient));
  message.say("Observation", result.key, members(result, false));
  return message;
}

Message dossier(const Finding& result, std::string_view scope = {}) {
  Message message(at(result.time), 2, 7);
  message.say("Patient", result.patient, person(result.patient));
  message.say("Observation", result.key, members(result, true));
  if (!scope.empty()) message.snapshot(scope, "Observation", "entered-in-error");
  return message;
}

Finding copy(std::string_view key = "C") {
  Finding result;
  result.patient = "XML";
  result.key = key;
  result.effective = "2026-03-02T09:30:00+07:00";
  return result;
}

struct Clinic : SearchStore {
  std::string tied_to(std::string_view key) {
    const std::string json = read("Observation", key).json;
    const auto list = json.find("\"derivedFrom\":[");
    if (list == std::string::npos) return {};
    const auto id = json.find("Observation/", list) + 12;
    return json.substr(id, json.find('"', id) - id);
  }
  bool is_tied(std::string_view key, std::string_view to = "O") { return tied_to(key) == id_of(to); }
  Repository::ResultCounts counts() { return *repository->result_counts(*reader); }
};

bool has_problem(const Clinic& clinic, std::uint16_t number) {
  const auto& all = clinic.problems.problems();
  return std::any_of(all.begin(), all.end(), [&](const auto& problem) { return problem.number == number; });
}

}  // namespace

TEST_CASE("ties: a claims copy is tied to the laboratory's result, whichever comes first") {
  for (const bool copy_first : {true, false}) {
    INFO("copy first: " << copy_first);
    Clinic clinic;
    if (copy_first) clinic.apply(dossier(copy()));
    clinic.apply(lab({}));
    if (!copy_first) clinic.apply(dossier(copy()));
    CHECK(clinic.is_tied("C"));
    CHECK_THAT(clinic.read("Observation", "O").json, !Contains("derivedFrom"));
    CHECK(clinic.read("Observation", "O").version == 1);
    const auto counts = clinic.counts();
    CHECK((counts.all == 2 && counts.copies == 1 && counts.tied == 1));
  }
}

TEST_CASE("ties: a copy whose result comes later gets a new version, which goes out") {
  Clinic clinic;
  clinic.apply(dossier(copy()));
  CHECK(clinic.tied_to("C").empty());
  const auto outcome = clinic.apply(lab({}));
  const auto change = std::find_if(outcome.changes.begin(), outcome.changes.end(),
                                   [](const auto& c) { return c.id == id_of("C"); });
  REQUIRE(change != outcome.changes.end());
  CHECK((change->changed && change->version == 2));
  const auto before = clinic.repository->read_version(*clinic.reader, "Observation", id_of("C"), "1");
  REQUIRE(before);
  CHECK_THAT(before->json, !Contains("derivedFrom"));
  const auto referred = clinic.repository->references_of(*clinic.reader, clinic.read("Observation", "C"));
  REQUIRE(referred);
  CHECK(std::find(referred->begin(), referred->end(), clinic.read("Observation", "O").row) !=
        referred->end());
}

TEST_CASE("ties: both in one group of jobs, and in one message") {
  SECTION("jobs") {
    Clinic clinic;
    clinic.apply_together({dossier(copy()), lab({}), dossier(copy("C2"))});
    CHECK((clinic.is_tied("C") && clinic.is_tied("C2")));
    CHECK(clinic.counts().tied == 2);
  }
  SECTION("message") {
    Clinic clinic;
    Finding own = copy();
    own.patient = "LIS";
    Message message = lab({});
    message.say("Observation", "C", members(own, true));
    clinic.apply(message);
    CHECK(clinic.is_tied("C"));
    CHECK(clinic.read("Observation", "C").version == 1);
  }
}

TEST_CASE("ties: saying it again changes nothing") {
  Clinic clinic;
  const auto dossier_message = dossier(copy()), lab_message = lab({});
  clinic.apply(dossier_message);
  clinic.apply(lab_message);
  const auto version = clinic.read("Observation", "C").version;
  for (const auto* message : {&dossier_message, &lab_message, &dossier_message}) clinic.apply(*message);
  clinic.replay(dossier_message, dossier_message);
  clinic.replay(lab_message, lab_message);
  CHECK(clinic.read("Observation", "C").version == version);
  CHECK(clinic.is_tied("C"));
  CHECK(clinic.counts().tied == 1);
}

TEST_CASE("ties: what must agree") {
  const auto tied = [](const Finding& result, Finding of = copy()) {
    Clinic clinic;
    clinic.apply(lab(result));
    clinic.apply(dossier(of));
    const bool is_tied = clinic.is_tied("C");
    CHECK(clinic.counts().tied == (is_tied ? 1u : 0u));
    return is_tied;
  };
  Finding result;
  SECTION("numbers by their value, not by their digits") {
    result.value = R"("valueQuantity":{"value":7.10})";
    CHECK(tied(result));
    result.value = R"("valueQuantity":{"value":71e-1})";
    CHECK(tied(result));
    result.value = R"("valueQuantity":{"value":7.1000000000000000001})";
    CHECK_FALSE(tied(result));
    result.value = R"("valueString":"7.10")";
    CHECK(tied(result));
    result.value = R"("valueString":"7.10 ?")";
    CHECK_FALSE(tied(result));
  }
  SECTION("comparators") {
    result.value = R"("valueQuantity":{"value":7.1,"comparator":"<"})";
    CHECK_FALSE(tied(result));
    Finding of = copy();
    of.value = R"("valueQuantity":{"value":7.1,"comparator":"<","unit":"mmol/L"})";
    CHECK(tied(result, of));
    result.value = R"("valueString":"< 7.1")";
    CHECK(tied(result, of));
  }
  SECTION("units, where both state one") {
    result.value = R"("valueQuantity":{"value":7.1,"unit":"mg/dL"})";
    CHECK_FALSE(tied(result));
    Finding of = copy();
    of.value = R"("valueQuantity":{"value":7.1,"unit":"G/L","code":"10*9/L"})";
    result.value = R"("valueQuantity":{"value":7.1,"unit":"10^9/L","code":"10*9/L"})";
    CHECK(tied(result, of));
    result.value = R"("valueQuantity":{"value":7.1,"unit":"G/L","code":"g/L"})";
    CHECK_FALSE(tied(result, of));
  }
  SECTION("texts and codes exactly") {
    Finding of = copy();
    of.value = R"("valueString":"Âm tính")";
    result.value = R"("valueString":"Âm tính")";
    CHECK(tied(result, of));
    result.value = R"("valueCodeableConcept":{"coding":[{"system":"u","code":"N"}],"text":"Âm tính"})";
    CHECK(tied(result, of));
    result.value = R"("valueString":"âm tính")";
    CHECK_FALSE(tied(result, of));
    result.value = R"("valueString":"Dương tính")";
    CHECK_FALSE(tied(result, of));
  }
  SECTION("a code of one system, never a name") {
    result.code = R"({"system":"http://loinc.org","code":"14682-9","display":"Glucose"})";
    CHECK_FALSE(tied(result));
    result.code = R"({"system":"urn:lab","code":"14749-6"})";
    CHECK_FALSE(tied(result));
    result.code = R"({"code":"14749-6"})";
    Finding of = copy();
    of.code = result.code;
    CHECK_FALSE(tied(result, of));
    result.code = R"({"system":"urn:lab","code":"GLU"},{"system":"http://loinc.org","code":"14749-6"})";
    CHECK(tied(result));
  }
  SECTION("24 hours at most") {
    result.effective = "2026-03-01T09:30:00+07:00";
    CHECK(tied(result));
    result.effective = "2026-03-03T02:30:00Z";
    CHECK(tied(result));
    result.effective = "2026-03-01T09:29:00+07:00";
    CHECK_FALSE(tied(result));
    result.effective = "2026-03-02";
    CHECK(tied(result));
    result.effective = "2026-03-01";
    CHECK_FALSE(tied(result));
    result.effective = "2026-03";
    CHECK_FALSE(tied(result));
  }
  SECTION("one that is a result") {
    for (const char* status : {"registered", "cancelled", "entered-in-error"}) {
      result.status = status;
      CHECK_FALSE(tied(result));
    }
    result.status = "preliminary";
    CHECK(tied(result));
  }
}

TEST_CASE("ties: of several results the nearest, if it is clear which that is") {
  Clinic clinic;
  Finding early, late;
  early.effective = "2026-03-02T06:00:00+07:00";
  early.key = "O1";
  late.effective = "2026-03-02T10:00:00+07:00";
  late.key = "O2";
  clinic.apply(dossier(copy()));  // 09:30
  clinic.apply(lab(early));
  CHECK(clinic.is_tied("C", "O1"));
  clinic.apply(lab(late));
  CHECK(clinic.is_tied("C", "O2"));
  Finding equal = early;
  equal.key = "O3";
  equal.effective = "2026-03-02T09:00:00+07:00";
  clinic.apply(lab(equal));
  CHECK(clinic.tied_to("C").empty());
  CHECK(has_problem(clinic, kSeveralResults));
  CHECK(clinic.counts().tied == 0);
  clinic.apply(lab(equal));
  CHECK_FALSE(has_problem(clinic, kSeveralResults));
  equal.status = "entered-in-error";
  equal.time = "11:00";
  clinic.apply(lab(equal));
  CHECK(clinic.is_tied("C", "O2"));
}

TEST_CASE("ties: end when either side is corrected, and come back when it agrees again") {
  Clinic clinic;
  clinic.apply(dossier(copy()));
  clinic.apply(lab({}));
  REQUIRE(clinic.is_tied("C"));
  Finding corrected;
  corrected.status = "corrected";
  SECTION("the result's value, then the copy's") {
    corrected.value = R"("valueQuantity":{"value":7.4,"unit":"mmol/L"})";
    corrected.time = "10:00";
    clinic.apply(lab(corrected));
    CHECK(clinic.tied_to("C").empty());
    CHECK(clinic.counts().tied == 0);
    Finding later = copy();
    later.value = corrected.value;
    later.time = "11:00";
    clinic.apply(dossier(later));
    CHECK(clinic.is_tied("C"));
  }
  SECTION("the result is taken back") {
    corrected.status = "entered-in-error";
    corrected.time = "10:00";
    clinic.apply(lab(corrected));
    CHECK(clinic.tied_to("C").empty());
  }
  SECTION("the copy is missing from a later dossier") {
    clinic.apply(dossier(copy(), "F|L1|XML4"));
    REQUIRE(clinic.is_tied("C"));
    Finding other = copy("C2");
    other.time = "12:00";
    clinic.apply(dossier(other, "F|L1|XML4"));
    CHECK(clinic.tied_to("C").empty());
    CHECK(clinic.is_tied("C2"));
    CHECK(clinic.counts().tied == 1);
  }
}

TEST_CASE("ties: follow the person's links") {
  Clinic clinic;
  clinic.apply(dossier(copy()));
  Finding result;
  clinic.apply(lab(result));
  REQUIRE(clinic.is_tied("C"));
  SECTION("a link that is taken back") {
    clinic.apply(Message(at("13:00"), 2, 7).say("Patient", "XML", person("XML", "Trần Văn Bình")));
    CHECK(clinic.tied_to("C").empty());
    CHECK(clinic.counts().tied == 0);
    clinic.apply(Message(at("14:00"), 2, 7).say("Patient", "XML", person("XML")));
    CHECK(clinic.is_tied("C"));
  }
  SECTION("another person's result is none") {
    Clinic other;
    other.apply(Message(at("07:00"), 3, 5).say("Patient", "LIS", person("LIS", "Trần Văn Bình")));
    other.apply(dossier(copy()));
    other.apply(lab({}));
    CHECK(other.tied_to("C").empty());
  }
}

TEST_CASE("ties: a merge makes records one person") {
  Clinic clinic;
  const auto anonymous = [](std::string_view number) {
    return R"("identifier":[{"system":"urn:n","value":")" + std::string(number) + "\"}]";
  };
  clinic.apply(Message(at("07:00"), 1, 9).say("Patient", "LIS", anonymous("LIS")));
  clinic.apply(Message(at("07:10"), 1, 9).say("Patient", "XML", anonymous("XML")));
  Message from_lab(at("08:00"), 3, 5), from_claim(at("08:30"), 2, 7);
  from_lab.mention("Patient", "LIS", "").say("Observation", "O", members({}, false));
  from_claim.mention("Patient", "XML", "").say("Observation", "C", members(copy(), true));
  clinic.apply(from_lab);
  clinic.apply(from_claim);
  CHECK(clinic.tied_to("C").empty());
  clinic.apply(Message(at("09:00"), 1, 9)
                   .mention("Patient", "LIS", anonymous("LIS"))
                   .key_event(KeyEvent::MergedInto, "XML")
                   .say("Patient", "XML", anonymous("XML")));
  CHECK(clinic.is_tied("C"));
}

TEST_CASE("ties: REST writes and deletions count as well") {
  Clinic clinic;
  clinic.apply(dossier(copy()));
  const std::string id = id_of("O");
  Finding result;
  result.patient = "XML";
  std::string body = members(result, false);
  body.replace(body.find("@XML@"), 5, id_of("XML"));
  body = R"({"resourceType":"Observation","id":")" + id + "\"," + body + "}";
  RestRequest put;
  put.interaction = Interaction::Update;
  put.type = "Observation";
  put.id = id;
  put.body = body;
  REQUIRE(clinic.write(put));
  CHECK(clinic.is_tied("C"));
  RestRequest remove;
  remove.interaction = Interaction::Delete;
  remove.type = "Observation";
  remove.id = id;
  const auto removed = clinic.write(remove);
  REQUIRE(removed);
  CHECK(clinic.tied_to("C").empty());
  CHECK(std::any_of(removed->changes.begin(), removed->changes.end(),
                    [](const auto& change) { return change.id == id_of("C") && change.changed; }));
}

TEST_CASE("ties: test traffic is not tied to real results") {
  Clinic clinic;
  Finding of = copy();
  Message message(at("08:00"), 2, 7);
  message.say("Patient", "XML", person("XML"));
  std::string tagged = members(of, true);
  tagged.insert(tagged.find("{\"system\":\"urn:lienthong:tag\""),
                R"({"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HTEST"},)");
  message.say("Observation", "C", tagged);
  clinic.apply(lab({}));
  clinic.apply(message);
  CHECK(clinic.tied_to("C").empty());
}

TEST_CASE("ties: every order of a day, with duplicates, ends in the same state") {
  Finding first, second, wrong, corrected, creatinine;
  first.key = "O1";
  second.key = "O2";
  second.effective = "2026-03-02T14:00:00+07:00";
  wrong.key = "O3";
  wrong.effective = "2026-03-02T09:00:00+07:00";
  corrected = wrong;
  corrected.status = "corrected";
  corrected.value = R"("valueQuantity":{"value":8.8,"unit":"mmol/L"})";
  corrected.time = "12:00";
  creatinine.key = "O4";
  creatinine.code = R"({"system":"http://loinc.org","code":"14682-9"})";
  creatinine.patient = "HIS";
  Finding third = copy("C3");
  third.effective = "2026-03-02T15:00:00+07:00";
  Finding fourth = copy("C4");
  fourth.code = creatinine.code;
  const std::vector<Message> messages = {
      lab(first),
      lab(second),
      lab(wrong),
      lab(corrected),
      lab(creatinine),
      dossier(copy("C1")),
      dossier(copy("C2")),
      dossier(third),
      dossier(fourth),
      Message(at("13:00"), 2, 7).say("Patient", "XML", person("XML", "Trần Văn Bình")),
      Message(at("14:00"), 2, 7).say("Patient", "XML", person("XML"))};
  const auto state = [&](const std::vector<std::size_t>& order) {
    Clinic clinic;
    for (const auto index : order) clinic.apply(messages[index]);
    std::string all;
    for (const char* key : {"C1", "C2", "C3", "C4"}) all += clinic.content("Observation", key) + "\n";
    return all + std::to_string(clinic.counts().tied);
  };
  std::vector<std::size_t> order(messages.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const std::string expected = state(order);
  CHECK_THAT(expected, Contains(id_of("O1")) && Contains(id_of("O2")) && Contains(id_of("O4")) &&
                           !Contains(id_of("O3")) && Catch::EndsWith("\n4"));
  std::mt19937 random(20260302);
  for (int round = 0; round < 40; ++round) {
    auto shuffled = order;
    for (int i = 0; i < 3; ++i) shuffled.push_back(random() % messages.size());
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    INFO("round " << round);
    REQUIRE(state(shuffled) == expected);
  }
}
