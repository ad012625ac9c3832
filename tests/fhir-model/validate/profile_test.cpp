#include <catch2/catch.hpp>

#include "judged.h"

using namespace judged;

namespace {

std::string profile(const std::string& name, const std::string& type, const std::string& elements,
                    const std::string& base = "", const std::string& more = "") {
  const std::string parent =
      base.empty() ? "http://hl7.org/fhir/StructureDefinition/" + type : "http://p.vn/" + base;
  return R"({"resourceType":"StructureDefinition","url":"http://p.vn/)" + name + R"(","type":")" + type +
         R"(","derivation":"constraint","baseDefinition":")" + parent + "\"," + more +
         R"("differential":{"element":[)" + elements + "]}}";
}

std::vector<Issue> against(const std::vector<std::string>& definitions, const std::string& name,
                           const std::string& resource) {
  const Validator validator = validator_with(definitions);
  REQUIRE(validator.problems().empty());
  ValidationOptions options;
  options.profiles = {"http://p.vn/" + name};
  return judge(resource, validator, options);
}

}  // namespace

TEST_CASE("a profile's cardinality, fixed and pattern values") {
  const auto p =
      profile("a", "Patient", R"({"path":"Patient.birthDate","min":1},{"path":"Patient.photo","max":"0"},
    {"path":"Patient.gender","fixedCode":"female"},
    {"path":"Patient.maritalStatus","patternCodeableConcept":{"coding":[{"system":"urn:m","code":"M"}]}})");
  CHECK(
      said(against({p}, "a", R"({"resourceType":"Patient","birthDate":"1990","gender":"female"})")).empty());
  CHECK(said(against({p}, "a", R"({"resourceType":"Patient","gender":"male","photo":[{"title":"x"}]})")) ==
        Lines{"error profile-minimum Patient", "error profile-maximum Patient",
              "error profile-fixed Patient.gender"});
  const auto lines = said(against({p}, "a", R"({"resourceType":"Patient","birthDate":"1990","gender":"female",
    "maritalStatus":{"coding":[{"system":"urn:m","code":"S"}]}})"),
                          Severity::Error);
  CHECK(lines == Lines{"error profile-pattern Patient.maritalStatus"});
}

TEST_CASE("profiles named in meta.profile are demanded; unknown ones give a warning") {
  const Validator validator =
      validator_with({profile("a", "Patient", R"({"path":"Patient.birthDate","min":1})")});
  CHECK(said(judge(R"({"resourceType":"Patient","meta":{"profile":["http://p.vn/a|1.0"]}})", validator)) ==
        Lines{"error profile-minimum Patient"});
  CHECK(said(judge(R"({"resourceType":"Patient","meta":{"profile":["http://p.vn/other"]}})", validator)) ==
        Lines{"warning profile-unknown Patient.meta.profile[0]"});
  CHECK(said(judge(
            R"({"resourceType":"Group","type":"person","actual":true,"meta":{"profile":["http://p.vn/a"]}})",
            validator)) == Lines{"error profile-type Group.meta.profile[0]"});
}

TEST_CASE("a profile inherits what its base profile demands") {
  const auto base = profile("base", "Patient", R"({"path":"Patient.birthDate","min":1})");
  const auto derived = profile("derived", "Patient", R"({"path":"Patient.gender","min":1})", "base");
  CHECK(said(against({derived, base}, "derived", R"({"resourceType":"Patient"})")) ==
        Lines{"error profile-minimum Patient", "error profile-minimum Patient"});
}

TEST_CASE("profiles that rest on themselves or on nothing are problems, not endless work") {
  const auto a = profile("a", "Patient", R"({"path":"Patient.birthDate","min":1})", "b");
  const auto b = profile("b", "Patient", R"({"path":"Patient.birthDate","min":1})", "a");
  const Validator validator = validator_with({a, b});
  CHECK(validator.problems().size() == 2);
  CHECK_FALSE(validator.knows_profile("http://p.vn/a"));
  ValidationOptions options;
  options.profiles = {"http://p.vn/a"};
  CHECK(said(judge(R"({"resourceType":"Patient"})", validator, options)) ==
        Lines{"error profile-unknown Patient"});
}

TEST_CASE("slices by value: counted, closed, ordered") {
  const std::string slices = R"({"path":"Patient.identifier","sliceName":"national","min":1,"max":"1"},
    {"path":"Patient.identifier.system","min":1,"fixedUri":"urn:cccd"},{"path":"Patient.identifier.value","min":1},
    {"path":"Patient.identifier","sliceName":"insurance","max":"1"},
    {"path":"Patient.identifier.system","min":1,"fixedUri":"urn:bhyt"})";
  const auto with = [&](const std::string& rules) {
    return profile(
        "s", "Patient",
        R"({"path":"Patient.identifier","slicing":{"discriminator":[{"type":"value","path":"system"}],)" +
            rules + "}}," + slices);
  };
  const auto patient = [](const std::string& identifiers) {
    return R"({"resourceType":"Patient","identifier":[)" + identifiers + "]}";
  };
  const std::string national = R"({"system":"urn:cccd","value":"1"})",
                    insurance = R"({"system":"urn:bhyt","value":"2"})",
                    other = R"({"system":"urn:z","value":"3"})";
  const auto open = with(R"("rules":"open")");
  CHECK(said(against({open}, "s", patient(other + "," + national))).empty());
  CHECK(said(against({open}, "s", patient(insurance))) == Lines{"error slice-minimum Patient"});
  CHECK(said(against({open}, "s", patient(national + "," + national))) ==
        Lines{"error slice-maximum Patient"});
  CHECK(said(against({open}, "s", patient(R"({"system":"urn:cccd"})"))) ==
        Lines{"error profile-minimum Patient.identifier[0]"});
  CHECK(said(against({with(R"("rules":"closed")")}, "s", patient(national + "," + other))) ==
        Lines{"error slice-none Patient.identifier[1]"});
  CHECK(said(against({with(R"("rules":"openAtEnd")")}, "s", patient(other + "," + national))) ==
        Lines{"error slice-end Patient.identifier[1]"});
  CHECK(said(against({with(R"("rules":"open","ordered":true)")}, "s", patient(insurance + "," + national))) ==
        Lines{"error slice-order Patient.identifier[1]"});
}

TEST_CASE("slices by pattern, type, existence and profile") {
  const auto pattern = profile(
      "s", "Observation",
      R"({"path":"Observation.category","slicing":{"discriminator":[{"type":"pattern","path":"$this"}],"rules":"open"}},
    {"path":"Observation.category","sliceName":"lab","min":1,"patternCodeableConcept":{"coding":[{"code":"laboratory"}]}})");
  const std::string head = R"({"resourceType":"Observation","status":"final","code":{"text":"x"})";
  CHECK(said(against(
                 {pattern}, "s",
                 head + R"(,"category":[{"text":"a"},{"coding":[{"system":"urn:c","code":"laboratory"}]}]})"),
             Severity::Error)
            .empty());
  CHECK(said(against({pattern}, "s", head + "}")) == Lines{"error slice-minimum Observation"});

  const auto type = profile(
      "s", "Observation",
      R"({"path":"Observation.value[x]","slicing":{"discriminator":[{"type":"type","path":"$this"}],"rules":"closed"}},
    {"path":"Observation.value[x]","sliceName":"valueQuantity","type":[{"code":"Quantity"}]},{"path":"Observation.value[x].unit","min":1})");
  CHECK(said(against({type}, "s", head + R"(,"valueQuantity":{"value":1,"unit":"g"}})")).empty());
  CHECK(said(against({type}, "s", head + R"(,"valueQuantity":{"value":1}})")) ==
        Lines{"error profile-minimum Observation.value.ofType(Quantity)"});
  CHECK(said(against({type}, "s", head + R"(,"valueString":"x"})")) ==
        Lines{"error slice-none Observation.value.ofType(string)"});

  const auto exists = profile(
      "s", "Patient",
      R"({"path":"Patient.name","slicing":{"discriminator":[{"type":"exists","path":"period"}],"rules":"open"}},
    {"path":"Patient.name","sliceName":"dated","max":"1"},{"path":"Patient.name.period","min":1})");
  CHECK(said(against({exists}, "s", R"({"resourceType":"Patient","name":[{"text":"a"},{"text":"b"}]})"))
            .empty());
  CHECK(
      said(against(
          {exists}, "s",
          R"({"resourceType":"Patient","name":[{"period":{"start":"2020"}},{"period":{"start":"2021"}}]})")) ==
      Lines{"error slice-maximum Patient"});

  const auto inner = profile("inner", "Patient", R"({"path":"Patient.birthDate","min":1})");
  const auto by_profile = profile(
      "s", "Bundle",
      R"({"path":"Bundle.entry","slicing":{"discriminator":[{"type":"profile","path":"resource"}],"rules":"open"}},
    {"path":"Bundle.entry","sliceName":"dated","min":1},{"path":"Bundle.entry.resource","min":1,"type":[{"code":"Patient","profile":["http://p.vn/inner"]}]})");
  const auto bundle = [](const std::string& patient) {
    return R"({"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"POST","url":"Patient"},"resource":)" +
           patient + "}]}";
  };
  CHECK(said(against({by_profile, inner}, "s", bundle(R"({"resourceType":"Patient","birthDate":"2020"})")))
            .empty());
  CHECK(said(against({by_profile, inner}, "s", bundle(R"({"resourceType":"Patient","active":true})"))) ==
        Lines{"error slice-minimum Bundle"});
}

TEST_CASE("constraints, bindings, types and lengths of profiles") {
  const std::string codes =
      R"({"resourceType":"CodeSystem","url":"urn:cs","content":"complete","concept":[{"code":"a","concept":[{"code":"a1"}]},{"code":"b"}]})";
  const std::string set =
      R"({"resourceType":"ValueSet","url":"urn:vs","compose":{"include":[{"system":"urn:cs","filter":[{"property":"concept","op":"is-a","value":"a"}]}],
    "exclude":[{"system":"urn:cs","concept":[{"code":"a"}]}]}})";
  const auto p = profile(
      "b", "Patient",
      R"x({"path":"Patient","constraint":[{"key":"vn-1","severity":"error","human":"a name","expression":"name.exists()"
}]
},
    {"path":"Patient.maritalStatus","binding":{"strength":"required","valueSet":"urn:vs"}},{"path":"Patient.name.text","maxLength":3},
    {"path":"Patient.deceased[x]","type":[{"code":"boolean"}]},{"path":"Patient.birthDate","minValueDate":"1900-01-01"})x");
  const auto said_of = [&](const std::string& members) {
    return said(against({p, codes, set}, "b", R"({"resourceType":"Patient",)" + members + "}"),
                Severity::Error);
  };
  CHECK(said_of(R"("name":[{"text":"Anh"}],"maritalStatus":{"coding":[{"system":"urn:cs","code":"a1"}]})")
            .empty());
  CHECK(said_of(R"("active":true)") == Lines{"error profile-invariant Patient"});
  CHECK(said_of(R"("name":[{"text":"Bình"}])") == Lines{"error profile-max-length Patient.name[0].text"});
  CHECK(said_of(R"("name":[{"text":"a"}],"deceasedDateTime":"2020")") ==
        Lines{"error profile-element-type Patient.deceased.ofType(dateTime)"});
  CHECK(said_of(R"("name":[{"text":"a"}],"birthDate":"1850-01-01")") ==
        Lines{"error profile-min-value Patient.birthDate"});
  for (const auto code : {"a", "b"}) {
    CHECK(said_of(R"("name":[{"text":"a"}],"maritalStatus":{"coding":[{"system":"urn:cs","code":")" +
                  std::string(code) + R"("}]})") == Lines{"error code-required Patient.maritalStatus"});
  }
}

TEST_CASE("value sets that include one another end") {
  const std::string a =
      R"({"resourceType":"ValueSet","url":"urn:a","compose":{"include":[{"valueSet":["urn:b"]},{"valueSet":["urn:b"]}]}})";
  const std::string b =
      R"({"resourceType":"ValueSet","url":"urn:b","compose":{"include":[{"valueSet":["urn:a"]},{"valueSet":["urn:a"]}]}})";
  const auto p =
      profile("b", "Patient",
              R"({"path":"Patient.maritalStatus","binding":{"strength":"required","valueSet":"urn:a"}})");
  CHECK(said(against(
                 {p, a, b}, "b",
                 R"({"resourceType":"Patient","maritalStatus":{"coding":[{"system":"urn:x","code":"a"}]}})"),
             Severity::Error)
            .empty());
}

TEST_CASE("loaded extensions are checked by their own definition") {
  const auto e = profile(
      "ext", "Extension",
      R"({"path":"Extension.extension","max":"0"},{"path":"Extension.url","fixedUri":"http://p.vn/ext"},
    {"path":"Extension.value[x]","min":1,"type":[{"code":"string"}]})",
      "", R"("context":[{"type":"element","expression":"Patient.name"}],)");
  const Validator validator = validator_with({e});
  CHECK(
      said(
          judge(
              R"({"resourceType":"Patient","name":[{"extension":[{"url":"http://p.vn/ext","valueString":"x"}]}]})",
              validator))
          .empty());
  CHECK(said(judge(R"({"resourceType":"Patient","extension":[{"url":"http://p.vn/ext","valueString":"x"}]})",
                   validator)) == Lines{"error extension-context Patient"});
  CHECK(
      said(judge(
          R"({"resourceType":"Patient","name":[{"extension":[{"url":"http://p.vn/ext","valueInteger":1}]}]})",
          validator)) ==
      Lines{"error profile-element-type Patient.name[0].extension[0].value.ofType(integer)"});
}

TEST_CASE("vital signs are judged by their profile whether they name it or not") {
  const auto lines = said(
      judge(
          R"({"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},
    "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],
    "subject":{"reference":"Patient/1"},"effectiveDateTime":"2024-01-01","valueQuantity":{"value":70,"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}})"),
      Severity::Error);
  CHECK(lines.empty());
  CHECK(
      said(
          judge(
              R"({"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"valueInteger":70})"),
          Severity::Error)
          .size() >= 3);
}

TEST_CASE("how much is loaded does not change what is found") {
  std::vector<std::string> many;
  for (int i = 0; i < 500; ++i)
    many.push_back(profile("p" + std::to_string(i), "Patient", R"({"path":"Patient.name","min":1})"));
  const Validator validator = validator_with(many);
  CHECK(validator.knows_profile("http://p.vn/p499"));
  CHECK(said(judge(R"({"resourceType":"Patient"})", validator)).empty());
}

TEST_CASE("profiles that ask for themselves end with a limit") {
  const auto p =
      profile("self", "Patient", R"x({"path":"Patient","constraint":[{"key":"s-1","severity":"error",
    "human":"itself twice","expression":"conformsTo('http://p.vn/self') and conformsTo('http://p.vn/self')"}]})x");
  const auto lines =
      said(against({p}, "self", R"({"resourceType":"Patient","active":true})"), Severity::Error);
  CHECK(lines.size() <= 1);
}
