// What an enemy would send: each has an answer that names the limit, and work that does not grow with the
// square of the input (the sizes here would otherwise take minutes).
#include <catch2/catch.hpp>

#include "judged.h"

using namespace judged;

namespace {

constexpr int kMany = 60'000;

std::string repeated(const std::string& text, int count) {
  std::string out;
  out.reserve(text.size() * static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

// "a,a,a"
std::string listed(const std::string& text, int count) {
  auto out = repeated(text + ",", count);
  out.pop_back();
  return out;
}

std::string observation(const std::string& value) {
  return R"({"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":)" +
         value + "}}";
}

}  // namespace

TEST_CASE("decimals beyond the computed range are kept and warned of") {
  const std::string place = "Observation.value.ofType(Quantity).value";
  CHECK(said(judge(observation(std::string(36, '1')))).empty());
  CHECK(said(judge(observation(std::string(10'000, '1')))) == Lines{"warning decimal-too-long " + place});
  CHECK(said(judge(observation("1e999999999"))) == Lines{"warning decimal-too-long " + place});
}

TEST_CASE("codes do not begin or end with a no-break space") {
  CHECK(said(judge("{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"coding\":[{\"code\":"
                   "\"a\xC2\xA0\"}]}}"),
             Severity::Error) == Lines{"error code Observation.code.coding[0].code"});
}

TEST_CASE("many ids beside values are looked at once each") {
  const auto names = R"({"resourceType":"Patient","name":[{"given":[)" + listed(R"("a")", kMany) +
                     R"(],"_given":[)" + listed(R"({"id":"x"})", kMany) + "]}]}";
  CHECK(judge(names).empty());
  CHECK(
      said(
          judge(
              R"({"resourceType":"Patient","name":[{"given":["a",null],"_given":[{"id":"x"},{"id":"y"}]}]})"),
          Severity::Error) == Lines{"error invariant Patient.name[0].given[1]"});
}

TEST_CASE("many links of a narrative are looked at once each") {
  const auto text = [](const std::string& html) {
    return R"({"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>)" +
           html + R"(</div>"}})";
  };
  CHECK(judge(text(repeated("<a href='#b'>x</a>", kMany / 2) + "<p id='b'>y</p>")).empty());
  CHECK(judge(text("x " + repeated("href= ", kMany))).empty());
  CHECK(said(judge(text("<a href='#c'>x</a>"))) == Lines{"error narrative-link-broken Patient.text.div"});
}

TEST_CASE("many contained resources that refer to their container are looked at once each") {
  const auto contained =
      listed(R"({"resourceType":"Patient","id":"c","link":[{"type":"seealso","other":{"reference":"#"}}]})",
             kMany / 2);
  const auto list =
      R"({"resourceType":"List","status":"current","mode":"working","contained":[)" + contained + "]}";
  CHECK(error_count(judge(list)) != 0);  // a List is no target of Patient.link
}

TEST_CASE("many versions of one resource in a Bundle are found by their version") {
  std::string entries;
  for (int i = 0; i < kMany / 4; ++i) {
    entries +=
        std::string(i == 0 ? "" : ",") +
        R"({"fullUrl":"http://a.vn/Patient/1","resource":{"resourceType":"Patient","id":"1","meta":{"versionId":")" +
        std::to_string(i) +
        R"("},"link":[{"type":"seealso","other":{"reference":"http://a.vn/Patient/1/_history/)" +
        std::to_string(kMany / 4 - 1 - i) + R"("}}]}})";
  }
  CHECK(judge(R"({"resourceType":"Bundle","type":"collection","entry":[)" + entries + "]}").empty());
}

TEST_CASE("constraints of profiles that cannot be compiled are named at start") {
  const auto validator =
      validator_with({R"({"resourceType":"StructureDefinition","url":"http://a.vn/p","name":"P",
    "status":"active","kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
    "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{"element":[{"id":"Patient",
    "path":"Patient","constraint":[{"key":"a-1","severity":"error","human":"x","expression":"name.where("}]}]}})"});
  REQUIRE(validator.problems().size() == 1);
  CHECK(validator.problems().front().find("a-1") != std::string::npos);
  CHECK(validator.knows_profile("http://a.vn/p"));
}

TEST_CASE("displays of code systems that close offline are compared") {
  const auto patient = [](const std::string& display, const std::string& more) {
    return R"({"resourceType":"Patient",)" + more +
           R"("maritalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M","display":")" +
           display + R"("}]}})";
  };
  const std::string place = " display Patient.maritalStatus.coding[0].display";
  CHECK(said(judge(patient(" married ", ""))).size() <= 1);
  CHECK(said(judge(patient("Divorced", ""))) == Lines{"warning" + place});
  CHECK(said(judge(patient("Đã kết hôn", R"("language":"vi",)"))).empty());
  ValidationOptions strict;
  strict.wrong_displays_refused = true;
  CHECK(said(judge(patient("Divorced", ""), base_validator(), strict)) == Lines{"error" + place});
}

TEST_CASE("a profile named twice is checked once") {
  const auto validator =
      validator_with({R"({"resourceType":"StructureDefinition","url":"http://a.vn/p","name":"P",
    "status":"active","kind":"resource","abstract":false,"type":"Patient","derivation":"constraint",
    "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{"element":[
    {"id":"Patient.name","path":"Patient.name","min":1}]}})"});
  ValidationOptions options;
  options.profiles = {"http://a.vn/p"};
  const std::string patient =
      R"({"resourceType":"Patient","meta":{"profile":["http://a.vn/p","http://a.vn/p|1"]},"active":true})";
  CHECK(said(judge(patient, validator, options)) == Lines{"error profile-minimum Patient"});
}

TEST_CASE("supplements and fragments are no code systems") {
  const auto validator = validator_with(
      {R"({"resourceType":"CodeSystem","url":"http://a.vn/cs","status":"active","content":"supplement","supplements":"http://loinc.org"})"});
  const std::string coded =
      R"({"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://a.vn/cs","code":"1"}]}})";
  CHECK(said(judge(coded, validator), Severity::Error) ==
        Lines{"error system-is-supplement Observation.code.coding[0].system"});
  const std::string set =
      R"({"resourceType":"ValueSet","name":"S","status":"active","compose":{"include":[{"system":"#cs"}]}})";
  CHECK(said(judge(set)) == Lines{"error set-system ValueSet.compose.include[0]"});
}
