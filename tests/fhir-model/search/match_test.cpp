#include "search_fixture.h"

using namespace fhir;          // NOLINT
using namespace fhir::search;  // NOLINT

namespace {

const Indexed& observation() {
  static const Indexed resource(R"({"resourceType":"Observation","id":"o1","status":"final",
    "code":{"coding":[{"system":"http://loinc.org","code":"2339-0","display":"Glucose"},{"code":"GLU"}],
      "text":"Đường huyết"},
    "subject":{"reference":"Patient/23","identifier":{"system":"http://s.example","value":"79"}},
    "effectiveDateTime":"2024-05-01T08:30:00+07:00",
    "valueQuantity":{"value":5.4,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"}})");
  return resource;
}

ValueError error_of(std::string_view name, std::string_view text) {
  const std::size_t colon = name.find(':');
  const std::string_view modifier = colon == std::string_view::npos ? "" : name.substr(colon + 1);
  const auto& resource = observation();
  const auto values = parse_values(SearchModel::r4(), resource.parameter(name.substr(0, colon)), modifier,
                                   text, resource.options());
  INFO(name << "=" << text);
  REQUIRE_FALSE(values.has_value());
  return values.error();
}

}  // namespace

TEST_CASE("tokens match by code, system or both") {
  const auto& o = observation();
  CHECK(o.found_by("code", "2339-0"));
  CHECK(o.found_by("code", "http://loinc.org|2339-0"));
  CHECK(o.found_by("code", "http://loinc.org|"));
  CHECK_FALSE(o.found_by("code", "|2339-0"));
  CHECK(o.found_by("code", "|GLU"));
  CHECK_FALSE(o.found_by("code", "http://snomed.info/sct|2339-0"));
  CHECK(o.found_by("code", "nothing,GLU"));
  CHECK(o.found_by("status", "http://hl7.org/fhir/observation-status|final"));
  CHECK(o.found_by("status", "|final"));
}

TEST_CASE("token modifiers") {
  const auto& o = observation();
  CHECK(o.found_by("code:text", "duong HUYET"));
  CHECK(o.found_by("code:text", "gluc"));
  CHECK_FALSE(o.found_by("code", "Glucose"));
  CHECK(o.found_by("status:not", "preliminary"));
  CHECK_FALSE(o.found_by("status:not", "preliminary,final"));
  CHECK(o.found_by("status:in", "http://hl7.org/fhir/ValueSet/observation-status"));
  CHECK_FALSE(o.found_by("status:not-in", "http://hl7.org/fhir/ValueSet/observation-status"));
  CHECK(o.found_by("status:missing", "false"));
  CHECK(o.found_by("method:missing", "true"));
  const Indexed patient(R"({"resourceType":"Patient","identifier":[{"type":{"coding":[
    {"system":"http://t.example","code":"MR"}]},"value":"446053"}]})");
  CHECK(patient.found_by("identifier:of-type", "http://t.example|MR|446053"));
  CHECK_FALSE(patient.found_by("identifier:of-type", "http://t.example|MR|446054"));
  CHECK_FALSE(patient.found_by("identifier:of-type", "http://t.example|SS|446053"));
}

TEST_CASE("strings match from their start without marks and case, exactly, or anywhere") {
  const Indexed patient(R"({"resourceType":"Patient","name":[{"family":"Nguyễn","given":["Thị Đào"]}]})");
  CHECK(patient.found_by("name", "nguyen"));
  CHECK(patient.found_by("name", "NGUY"));
  CHECK(patient.found_by("name", "Thi D"));
  CHECK(patient.found_by("name", "Ngu\u0079e\u0302\u0303n"));
  CHECK_FALSE(patient.found_by("name", "dao"));
  CHECK(patient.found_by("name:contains", "đao"));
  CHECK(patient.found_by("name:exact", "Nguyễn"));
  CHECK_FALSE(patient.found_by("name:exact", "nguyễn"));
}

TEST_CASE("dates match by prefix") {
  const auto& o = observation();  // 2024-05-01T08:30:00+07:00, the whole second
  CHECK(o.found_by("date", "2024-05-01"));
  CHECK(o.found_by("date", "eq2024"));
  CHECK(o.found_by("date", "2024-05-01T01:30:00Z"));
  CHECK(o.found_by("date", "2024-05-01T08:30"));
  CHECK_FALSE(o.found_by("date", "2024-05-02"));
  CHECK_FALSE(o.found_by("date", "2024-05-01T08:30:00.5"));
  CHECK_FALSE(o.found_by("date", "ne2024"));
  CHECK(o.found_by("date", "ne2023"));
  CHECK(o.found_by("date", "gt2024-04-30"));
  CHECK_FALSE(o.found_by("date", "gt2024-05"));
  CHECK(o.found_by("date", "ge2024-05"));
  CHECK(o.found_by("date", "le2024-05-01"));
  CHECK_FALSE(o.found_by("date", "lt2024-05-01"));
  CHECK(o.found_by("date", "lt2024-05-02"));
  CHECK(o.found_by("date", "sa2024-04"));
  CHECK_FALSE(o.found_by("date", "sa2024-05"));
  CHECK(o.found_by("date", "eb2024-06"));
  CHECK(o.found_by("date", "ap2024-05-02"));  // now is 2024-06-01: three days either way
  CHECK_FALSE(o.found_by("date", "ap2024-05-15"));
}

TEST_CASE("open periods match what they may overlap") {
  const Indexed encounter(R"({"resourceType":"Encounter","period":{"start":"2024-05-01"}})");
  CHECK(encounter.found_by("date", "gt2030"));
  CHECK(encounter.found_by("date", "ge2024-05-01"));
  CHECK_FALSE(encounter.found_by("date", "eq2024"));
  CHECK_FALSE(encounter.found_by("date", "lt2024-05-01"));
  CHECK_FALSE(encounter.found_by("date", "eb2030"));
}

TEST_CASE("numbers match by their precision or exactly, as the prefix says") {
  const Indexed risk(R"({"resourceType":"RiskAssessment","prediction":[{"probabilityDecimal":0.83}]})");
  CHECK(risk.found_by("probability", "0.8"));
  CHECK(risk.found_by("probability", "0.83"));
  CHECK_FALSE(risk.found_by("probability", "0.80"));
  CHECK_FALSE(risk.found_by("probability", "ne0.8"));
  CHECK(risk.found_by("probability", "gt0.8"));
  CHECK_FALSE(risk.found_by("probability", "lt0.8"));
  CHECK(risk.found_by("probability", "ge0.83"));
  CHECK_FALSE(risk.found_by("probability", "sa0.83"));
  CHECK(risk.found_by("probability", "eb0.9"));
  CHECK(risk.found_by("probability", "ap0.90"));
}

TEST_CASE("quantities match in their unit and in every unit of the same kind") {
  const auto& o = observation();
  CHECK(o.found_by("value-quantity", "5.4"));
  CHECK(o.found_by("value-quantity", "5.4|http://unitsofmeasure.org|mmol/L"));
  CHECK(o.found_by("value-quantity", "5.4||mmol/L"));
  CHECK(o.found_by("value-quantity", "5400|http://unitsofmeasure.org|umol/L"));
  CHECK(o.found_by("value-quantity", "gt0.005|http://unitsofmeasure.org|mol/L"));
  CHECK_FALSE(o.found_by("value-quantity", "5.4|http://unitsofmeasure.org|mg/dL"));
  CHECK_FALSE(o.found_by("value-quantity", "5.4||mg"));
  CHECK_FALSE(o.found_by("value-quantity", "lt5.4"));
}

TEST_CASE("references match by id, type, URL and identifier") {
  const auto& o = observation();
  CHECK(o.found_by("subject", "23"));
  CHECK(o.found_by("subject", "Patient/23"));
  CHECK(o.found_by("subject", "https://own.example/fhir/Patient/23"));
  CHECK(o.found_by("subject:Patient", "23"));
  CHECK(o.found_by("patient", "23"));
  CHECK_FALSE(o.found_by("subject:Group", "23"));
  CHECK_FALSE(o.found_by("subject", "Group/23"));
  CHECK_FALSE(o.found_by("subject", "https://other.example/fhir/Patient/23"));
  CHECK(o.found_by("subject:identifier", "http://s.example|79"));
  CHECK_FALSE(o.found_by("subject:identifier", "http://s.example|80"));
  const Indexed response(
      R"({"resourceType":"QuestionnaireResponse","questionnaire":"http://q.example/Questionnaire/q1|2.0"})");
  CHECK(response.found_by("questionnaire", "http://q.example/Questionnaire/q1"));
  CHECK(response.found_by("questionnaire", "http://q.example/Questionnaire/q1|2.0"));
  CHECK_FALSE(response.found_by("questionnaire", "http://q.example/Questionnaire/q1|1.0"));
}

TEST_CASE("URIs match whole, below and above") {
  const Indexed set(R"({"resourceType":"ValueSet","url":"http://a.example/fhir/ValueSet/x"})");
  CHECK(set.found_by("url", "http://a.example/fhir/ValueSet/x"));
  CHECK_FALSE(set.found_by("url", "http://a.example/fhir/ValueSet"));
  CHECK(set.found_by("url:below", "http://a.example/fhir/"));
  CHECK_FALSE(set.found_by("url:below", "http://a.example/fh"));
  CHECK(set.found_by("url:above", "http://a.example/fhir/ValueSet/x/y"));
}

TEST_CASE("places are found near others") {
  const Indexed hanoi(R"({"resourceType":"Location","position":{"longitude":105.8523,"latitude":21.0288}})");
  CHECK(hanoi.found_by("near", "21.03|105.85"));
  CHECK(hanoi.found_by("near", "10.776|106.700|1150|km"));  // Hồ Chí Minh City is 1,142 km away
  CHECK_FALSE(hanoi.found_by("near", "10.776|106.700|1130|km"));
  CHECK_FALSE(hanoi.found_by("near", "21.03|105.85|100|m"));
}

TEST_CASE("separators in values are escaped") {
  const Indexed patient(R"({"resourceType":"Patient","identifier":[{"value":"a,b|c$d\\e"}]})");
  CHECK(patient.found_by("identifier", "a\\,b\\|c\\$d\\\\e"));
  CHECK_FALSE(patient.found_by("identifier", "a,x"));
}

TEST_CASE("values that mean nothing are errors that do not repeat the value") {
  using Kind = ValueError::Kind;
  CHECK(error_of("date", "01/05/2024").kind == Kind::Malformed);
  CHECK(error_of("date", "").kind == Kind::Malformed);
  CHECK(error_of("value-quantity", "abc").kind == Kind::Malformed);
  CHECK(error_of("value-quantity", "5|mg").kind == Kind::Malformed);
  CHECK(error_of("code", "a|b|c").kind == Kind::Malformed);
  CHECK(error_of("code-value-quantity", "a").kind == Kind::Malformed);
  CHECK(error_of("code-value-quantity", "a$x").kind == Kind::Malformed);
  CHECK(error_of("status:missing", "maybe").kind == Kind::Malformed);
  CHECK(error_of("status:near", "x").kind == Kind::UnknownModifier);
  CHECK(error_of("status:exact", "x").kind == Kind::UnsupportedModifier);
  CHECK(error_of("subject:Group", "Patient/1").kind == Kind::Malformed);
  CHECK(error_of("code", std::string(100'000, 'a')).kind == Kind::Limit);
  CHECK(error_of("code", std::string(2'000, ',')).kind == Kind::Limit);
  CHECK(error_of("date", "01/05/2024").message.find("01/05") == std::string::npos);
}

TEST_CASE("no text brings down the reading of values") {
  const std::vector<std::string> hostile = {"|",
                                            "||",
                                            "|||",
                                            "$",
                                            "$$",
                                            ",",
                                            "\\",
                                            "a\\",
                                            "\\|",
                                            "ge",
                                            "ap",
                                            "ap0",
                                            "-",
                                            "+",
                                            ".",
                                            "1e",
                                            "1e99999",
                                            "-0",
                                            "9e6144",
                                            "ap-9e6143|http://unitsofmeasure.org|m",
                                            "1|http://unitsofmeasure.org|",
                                            "0001",
                                            "ap9999",
                                            "#",
                                            "#a",
                                            "/",
                                            "//",
                                            "/_history/",
                                            "Patient/",
                                            "Patient//1",
                                            "urn:",
                                            "http://",
                                            "|1",
                                            "Patient/1|2",
                                            "\xFF\xFE",
                                            "90|180|1|Cel",
                                            "-91|0",
                                            "0|181",
                                            "1e30|1",
                                            "90|180||",
                                            "90|180|-1|km",
                                            std::string(5000, '9'),
                                            std::string(3000, '|'),
                                            std::string(3000, '$'),
                                            std::string(1, '\0')};
  const SearchModel& model = SearchModel::r4();
  const ValueOptions options = observation().options();
  std::size_t read = 0;
  for (std::size_t id = 1; id < model.parameter_count(); ++id) {
    const ParameterInfo& parameter = model.parameter(static_cast<ParameterId>(id));
    for (const std::string& text : hostile) {
      const auto values = parse_values(model, parameter, "", text, options);
      if (!values) continue;
      ++read;
      matches(*values, observation().keys());
    }
  }
  CHECK(read > 1000);
}
