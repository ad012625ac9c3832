#include <catch2/catch.hpp>

#include "judged.h"

using namespace judged;

TEST_CASE("a sound Patient gives no findings") {
  CHECK(
      judge(
          R"({"resourceType":"Patient","id":"p1","active":true,"name":[{"family":"Trần","given":["Thị","Bình"]}],
    "birthDate":"1980-02-29","gender":"female","deceasedBoolean":false})")
          .empty());
}

TEST_CASE("members that R4 does not know are errors, wherever they stand") {
  CHECK(said(judge(R"({"resourceType":"Patient","colour":"red","name":[{"nick":"B"}]})")) ==
        Lines{"error unknown-element Patient.colour", "error unknown-element Patient.name[0].nick",
              "error invariant Patient.name[0]"});
}

TEST_CASE("JSON's own rules: duplicates, nulls, empty texts, arrays and objects") {
  CHECK(said(judge(R"({"resourceType":"Patient","id":"a","id":"b"})")) ==
        Lines{"error duplicate-member Patient.id"});
  CHECK(said(judge(R"({"resourceType":"Patient","birthDate":null})")) ==
        Lines{"error null-value Patient.birthDate"});
  CHECK(said(judge(R"({"resourceType":"Patient","name":[]})")) == Lines{"error empty-array Patient.name"});
  CHECK(said(judge(R"({"resourceType":"Patient","name":[{}]})")) ==
        Lines{"error empty-object Patient.name[0]"});
  CHECK(said(judge(R"({"resourceType":"Patient","language":""})")) ==
        Lines{"error empty-text Patient.language"});
  CHECK(said(judge(R"({"resourceType":"Patient","name":{"text":"A"}})")) ==
        Lines{"error array-wanted Patient.name"});
  CHECK(said(judge(R"({"resourceType":"Patient","gender":["male"]})")) ==
        Lines{"error array-not-wanted Patient.gender"});
  CHECK(said(judge(R"({"resourceType":"Patient","active":"true"})")) ==
        Lines{"error wrong-json-type Patient.active"});
}

TEST_CASE("underscored members carry ids and extensions of simple values, side by side with them") {
  CHECK(judge(R"({"resourceType":"Patient","_birthDate":{"id":"b"}, "birthDate":"1980"})").empty());
  const auto lines = said(judge(
      R"({"resourceType":"Patient","name":[{"given":["A",null],"_given":[null,{"extension":[{"url":"http://a.vn/x","valueString":"x"}]}]}]})"));
  CHECK(lines.empty());
  CHECK(said(judge(R"({"resourceType":"Patient","name":[{"given":["A",null],"_given":[null,null]}]})")) ==
        Lines{"error null-value Patient.name[0].given[1]"});
  CHECK(said(judge(R"({"resourceType":"Patient","name":[{"given":["A"],"_given":[{"id":"x"},null]}]})")) ==
        Lines{"error underscore-misaligned Patient.name[0].given",
              "error null-value Patient.name[0].given[1]"});
  CHECK(said(judge(R"({"resourceType":"Patient","_name":[{"id":"x"}]})")) ==
        Lines{"error no-underscore Patient.name"});
}

TEST_CASE("what is required must be there, and only one type of a choice") {
  CHECK(said(judge(R"({"resourceType":"Observation","code":{"text":"x"}})")) ==
        Lines{"error minimum Observation"});
  const auto issues = judge(R"({"resourceType":"Observation","code":{"text":"x"}})");
  REQUIRE(issues.size() == 1);
  CHECK(english_text(issues[0]) == "Observation.status is required (1 at least), but 0 found");
  CHECK(vietnamese_text(issues[0]) == "Observation.status là bắt buộc (ít nhất 1), nhưng chỉ có 0");
  CHECK(said(judge(R"({"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2020"})")) ==
        Lines{"error several-choices Patient.deceased.ofType(dateTime)"});
}

TEST_CASE("findings have the line and column of the element and an expression with indexes") {
  const auto issues =
      judge("{\n \"resourceType\":\"Patient\",\n \"name\":[{\"text\":\"A\"},\n  {\"use\":\"odd\"}]}");
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].line == 4);
  CHECK(issues[0].column == 4);
  CHECK(issues[0].expression == "Patient.name[1].use");
}

TEST_CASE("what is no resource is refused") {
  CHECK(said(judge("[]")) == Lines{"error not-a-resource "});
  CHECK(said(judge(R"({"resourceType":"Person2"})")) == Lines{"error unknown-resource-type "});
  CHECK(said(judge(R"({"resourceType":"DomainResource"})")) ==
        Lines{"error abstract-resource DomainResource"});
  CHECK(said(judge("{")) == Lines{"fatal not-readable "});
}

TEST_CASE("deep nesting and floods of findings end with a limit that is named") {
  std::string deep = R"({"resourceType":"Questionnaire","status":"draft","item":[)";
  const int levels = 230;
  for (int i = 0; i < levels; ++i)
    deep += R"({"linkId":")" + std::to_string(i) + R"(","type":"group","item":[)";
  deep += R"({"linkId":"x","type":"string"})";
  for (int i = 0; i < levels; ++i) deep += "]}";
  deep += "]}";
  const auto lines = said(judge(deep));
  CHECK(std::any_of(lines.begin(), lines.end(),
                    [](const std::string& line) { return line.rfind("error limit-depth", 0) == 0; }) == true);

  std::string flood = R"({"resourceType":"Patient","name":[{"text":"a")";
  for (int i = 0; i < 3000; ++i) flood += ",\"x" + std::to_string(i) + "\":1";
  const auto issues = judge(flood + "}]}");
  CHECK(issues.size() == 1001);
  CHECK(message_of(issues.back().message).key == "limit-issues");
}

TEST_CASE("the same worker judges one document after the other") {
  Validation validation(base_validator());
  fhir::Document document;
  for (int i = 0; i < 3; ++i) {
    std::string text = R"({"resourceType":"Patient","gender":"none"})";
    const std::size_t size = text.size();
    text.append(fhir::kPadding, '\0');
    REQUIRE(fhir::read_json({text.data(), size}, document).has_value());
    CHECK(said(validation.validate(document)) == Lines{"error code-required Patient.gender"});
  }
}

TEST_CASE("an OperationOutcome carries severity, code, texts in two languages, place") {
  std::string out;
  append_outcome(judge(R"({"resourceType":"Patient","gender":"none"})"), out);
  CHECK(out.find(R"("severity":"error","code":"code-invalid")") != std::string::npos);
  CHECK(out.find(R"("valueCode":"vi")") != std::string::npos);
  CHECK(out.find(R"("expression":["Patient.gender"])") != std::string::npos);
  CHECK(out.find("operationoutcome-issue-line\",\"valueInteger\":1") != std::string::npos);
  std::string well;
  append_outcome({}, well);
  CHECK(said(judge(well)).empty());
  CHECK(said(judge(out)).empty());
}
