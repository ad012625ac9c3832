#include <catch2/catch.hpp>

#include "judged.h"

using namespace judged;

namespace {

// A response to a Questionnaire of these items, which it contains.
std::string response(const std::string& questions, const std::string& items,
                     const std::string& status = "completed") {
  return R"({"resourceType":"QuestionnaireResponse","status":")" + status +
         R"(","questionnaire":"#q","contained":[{"resourceType":"Questionnaire","id":"q","status":"active","item":[)" +
         questions + R"(]}],"item":[)" + items + "]}";
}

Lines errors(const std::string& questions, const std::string& items) {
  return said(judge(response(questions, items)), Severity::Error);
}

std::string question(const std::string& type, const std::string& more = "") {
  return R"({"linkId":"a","type":")" + type + "\"" + more + "}";
}

std::string answer(const std::string& value) {
  return R"({"linkId":"a","answer":[{)" + value + "}]}";
}

std::string extension(const std::string& url, const std::string& value) {
  return R"(,"extension":[{"url":")" + url + R"(",)" + value + "}]";
}

const std::string kFirst = "QuestionnaireResponse.item[0].answer[0]";

}  // namespace

TEST_CASE("responses have the items of their questionnaire, where it has them") {
  const std::string questions =
      R"({"linkId":"g","type":"group","item":[{"linkId":"a","type":"string"}]},{"linkId":"b","type":"string"})";
  CHECK(
      errors(questions, R"({"linkId":"g","item":[{"linkId":"a","answer":[{"valueString":"x"}]}]})").empty());
  CHECK(errors(questions, R"({"linkId":"z","answer":[{"valueString":"x"}]})") ==
        Lines{"error item-unknown QuestionnaireResponse.item[0]"});
  CHECK(errors(questions, R"({"linkId":"a","answer":[{"valueString":"x"}]})") ==
        Lines{"error item-misplaced QuestionnaireResponse.item[0]"});
  CHECK(errors(questions, R"({"linkId":"b","answer":[{"valueString":"x"}]},{"linkId":"g"})") ==
        Lines{"error item-order QuestionnaireResponse.item[1]"});
  CHECK(errors(questions, R"({"linkId":"g","answer":[{"valueString":"x"}]})") ==
        Lines{"error item-no-answers QuestionnaireResponse.item[0].answer[0]"});
  CHECK(errors(questions, R"({"linkId":"b","item":[{"linkId":"a"}]})") ==
        Lines{"error item-not-in-answer QuestionnaireResponse.item[0]"});
}

TEST_CASE("required items are answered unless the response is in progress") {
  const auto questions = question("string", R"(,"required":true)");
  CHECK(errors(questions, R"({"linkId":"a"})") == Lines{"error item-required QuestionnaireResponse.item[0]"});
  const auto unfinished = judge(response(questions, R"({"linkId":"a"})", "in-progress"));
  CHECK(error_count(unfinished) == 0);
  CHECK(said(unfinished).back() == "warning item-required QuestionnaireResponse.item[0]");
  CHECK(errors(questions, answer(R"("valueString":"x")")).empty());
}

TEST_CASE("items and answers repeat only where the questionnaire says so") {
  const std::string two = R"({"linkId":"a","answer":[{"valueString":"x"},{"valueString":"y"}]})";
  CHECK(errors(question("string"), two) ==
        Lines{"error answer-repeats QuestionnaireResponse.item[0].answer[1]"});
  CHECK(errors(question("string", R"(,"repeats":true)"), two).empty());
  const auto one = answer(R"("valueString":"x")");
  CHECK(errors(question("string"), one + "," + one) ==
        Lines{"error item-repeats QuestionnaireResponse.item[1]"});
}

TEST_CASE("answers have the type of their question") {
  CHECK(errors(question("boolean"), answer(R"("valueString":"x")")) ==
        Lines{"error answer-type " + kFirst + ".value.ofType(string)"});
  CHECK(errors(question("text"), answer(R"("valueString":"x")")).empty());
  CHECK(errors(question("url"), answer(R"("valueUri":"http://a.vn")")).empty());
}

TEST_CASE("answers are among the options") {
  const auto coded = question(
      "choice",
      R"(,"answerOption":[{"valueCoding":{"system":"http://a.vn/s","code":"1"}},{"valueString":"khác"}])");
  CHECK(errors(coded, answer(R"("valueCoding":{"system":"http://a.vn/s","code":"1","display":"Một"})"))
            .empty());
  CHECK(errors(coded, answer(R"("valueString":"khác")")).empty());
  CHECK(errors(coded, answer(R"("valueCoding":{"system":"http://a.vn/s","code":"2"})")) ==
        Lines{"error answer-option " + kFirst});
  const auto open = question("open-choice", R"(,"answerOption":[{"valueString":"khác"}])");
  CHECK(errors(open, answer(R"("valueString":"tự ghi")")).empty());
  const auto set =
      question("choice", R"(,"answerValueSet":"http://hl7.org/fhir/ValueSet/administrative-gender")");
  const std::string gender = R"("valueCoding":{"system":"http://hl7.org/fhir/administrative-gender","code":)";
  CHECK(errors(set, answer(gender + R"("male"})")).empty());
  CHECK(errors(set, answer(R"("valueCoding":{"system":"http://a.vn/s","code":"male"})")) ==
        Lines{"error answer-set " + kFirst});
}

TEST_CASE("an exclusive option stands alone") {
  const auto questions = question(
      "choice",
      R"(,"repeats":true,"answerOption":[{"valueString":"x"},{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive","valueBoolean":true}],"valueString":"none"}])");
  CHECK(errors(questions, R"({"linkId":"a","answer":[{"valueString":"x"},{"valueString":"none"}]})") ==
        Lines{"error answer-exclusive QuestionnaireResponse.item[0].answer[1]"});
  CHECK(errors(questions, answer(R"("valueString":"none")")).empty());
}

TEST_CASE("answers keep to the bounds of their question") {
  const std::string core = "http://hl7.org/fhir/StructureDefinition/";
  const auto least = question("decimal", extension(core + "minValue", R"("valueDecimal":2.5)"));
  CHECK(errors(least, answer(R"("valueDecimal":2.50)")).empty());
  CHECK(errors(least, answer(R"("valueDecimal":2.4)")) ==
        Lines{"error answer-below " + kFirst + ".value.ofType(decimal)"});
  const auto latest = question("date", extension(core + "maxValue", R"("valueDate":"2024-06")"));
  CHECK(errors(latest, answer(R"("valueDate":"2024-07")")) ==
        Lines{"error answer-above " + kFirst + ".value.ofType(date)"});
  const std::string sdc = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-maxQuantity";
  const std::string ucum = R"("system":"http://unitsofmeasure.org","code":)";
  const auto most =
      question("quantity", extension(sdc, R"("valueQuantity":{"value":5,)" + ucum + R"("km"})"));
  CHECK(errors(most, answer(R"("valueQuantity":{"value":5000,)" + ucum + R"("m"})")).empty());
  CHECK(errors(most, answer(R"("valueQuantity":{"value":5001,)" + ucum + R"("m"})")) ==
        Lines{"error answer-above " + kFirst + ".value.ofType(Quantity)"});
  CHECK(errors(most, answer(R"("valueQuantity":{"value":1,)" + ucum + R"("kg"})")) ==
        Lines{"error answer-not-comparable " + kFirst + ".value.ofType(Quantity)"});
  const auto form =
      question("string", R"(,"maxLength":6)" + extension(core + "regex", R"("valueString":"[A-Z]+")"));
  CHECK(errors(form, answer(R"("valueString":"AB")")).empty());
  CHECK(errors(form, answer(R"("valueString":"ab")")) ==
        Lines{"error answer-format " + kFirst + ".value.ofType(string)"});
  CHECK(errors(form, answer(R"("valueString":"ABCDEFG")")) ==
        Lines{"error answer-too-long " + kFirst + ".value.ofType(string)"});
}

TEST_CASE("enableWhen looks at the answers nearest to the item") {
  const std::string questions =
      R"({"linkId":"g","type":"group","repeats":true,"item":[{"linkId":"a","type":"boolean"},)"
      R"({"linkId":"b","type":"string","required":true,"enableWhen":[{"question":"a","operator":"=","answerBoolean":true}]}]})";
  const auto group = [](const std::string& truth, const std::string& more) {
    return R"({"linkId":"g","item":[{"linkId":"a","answer":[{"valueBoolean":)" + truth + "}]}" + more + "]}";
  };
  const std::string reason = R"(,{"linkId":"b","answer":[{"valueString":"x"}]})";
  CHECK(errors(questions, group("true", reason) + "," + group("false", "")).empty());
  CHECK(errors(questions, group("true", reason) + "," + group("false", reason)) ==
        Lines{"error item-disabled QuestionnaireResponse.item[1].item[1]"});
  CHECK(errors(questions, group("true", "") + "," + group("false", "")) ==
        Lines{"error item-required QuestionnaireResponse.item[0]"});
}

TEST_CASE("enableWhen knows whether a question was answered at all") {
  const std::string questions =
      R"({"linkId":"a","type":"string"},{"linkId":"b","type":"string","enableWhen":[{"question":"a","operator":"exists","answerBoolean":false}]})";
  const std::string b = R"({"linkId":"b","answer":[{"valueString":"x"}]})";
  CHECK(errors(questions, b).empty());
  CHECK(errors(questions, answer(R"("valueString":"x")") + "," + b) ==
        Lines{"error item-disabled QuestionnaireResponse.item[1]"});
}

TEST_CASE("conditions of questionnaires ask for items that are there and stand before") {
  const auto judge_items = [](const std::string& items) {
    return said(
        judge(R"({"resourceType":"Questionnaire","name":"Q","status":"active","item":[)" + items + "]}"));
  };
  const auto asking = [](const std::string& question) {
    return R"({"linkId":"a","type":"string","enableWhen":[{"question":")" + question +
           R"(","operator":"exists","answerBoolean":true}]})";
  };
  CHECK(judge_items(asking("z")) == Lines{"error condition-target Questionnaire.item[0]"});
  CHECK(judge_items(asking("a")) == Lines{"error condition-itself Questionnaire.item[0]"});
  CHECK(judge_items(asking("b") + R"(,{"linkId":"b","type":"string"})") ==
        Lines{"warning condition-later Questionnaire.item[0]"});
}

TEST_CASE("questionnaires are found when they are loaded or in the Bundle") {
  const std::string questionnaire =
      R"({"resourceType":"Questionnaire","id":"q","url":"http://a.vn/q","status":"active","item":[{"linkId":"a","type":"boolean"}]})";
  const std::string wrong =
      R"({"resourceType":"QuestionnaireResponse","id":"r","status":"completed","questionnaire":"http://a.vn/q|1.0","item":[{"linkId":"z"}]})";
  CHECK(said(judge(wrong)) == Lines{"warning questionnaire-unknown QuestionnaireResponse.questionnaire"});
  CHECK(said(judge(wrong, validator_with({questionnaire}))) ==
        Lines{"error item-unknown QuestionnaireResponse.item[0]"});
  const std::string bundle =
      R"({"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"http://a.vn/QuestionnaireResponse/r","resource":)" +
      wrong + R"(},{"fullUrl":"http://a.vn/Questionnaire/q","resource":)" + questionnaire + "}]}";
  CHECK(said(judge(bundle), Severity::Error) == Lines{"error item-unknown Bundle.entry[0].resource.item[0]"});
}

TEST_CASE("conditions on many answers are bounded") {
  std::string questions = R"({"linkId":"a","type":"string","repeats":true})";
  std::string answers;
  for (int i = 0; i < 4000; ++i) {
    const auto number = std::to_string(i);
    questions += R"(,{"linkId":"b)" + number +
                 R"(","type":"string","enableWhen":[{"question":"a","operator":"=","answerString":"no"}]})";
    answers += (i == 0 ? "" : ",") + std::string(R"({"valueString":"x"})");
  }
  const auto found = errors(questions, R"({"linkId":"a","answer":[)" + answers + "]}");
  CHECK(found == Lines{"error limit-work QuestionnaireResponse"});
}

TEST_CASE("published constraints mean FHIR's types by the names of FHIRPath's") {
  CHECK(errors(R"({"linkId":"a","text":"A","type":"string"},{"linkId":"b","text":"B","type":"string",)"
               R"("enableWhen":[{"question":"a","operator":"exists","answerBoolean":true}]})",
               answer(R"("valueString":"x")"))
            .empty());
}
