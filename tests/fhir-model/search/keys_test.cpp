#include "search_fixture.h"

#include "fhir-model/definitions/generated/type_ids.h"

using namespace fhir;          // NOLINT
using namespace fhir::search;  // NOLINT

TEST_CASE("tokens come from codes, codings, concepts, identifiers, contact points and booleans") {
  const Indexed patient(R"({"resourceType":"Patient","id":"p1","active":true,"gender":"female",
    "identifier":[{"type":{"text":"CCCD"},"system":"http://a.example/cccd","value":"001"},{"value":"x"}],
    "telecom":[{"system":"phone","value":"0901"},{"system":"email","value":"a@b.example"}],
    "communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"vi","display":"Vietnamese"},
      {"code":"x"}],"text":"Tiếng Việt"}}]})");
  CHECK(patient.one<TokenKey>("_id").code == "p1");
  const auto gender = patient.one<TokenKey>("gender");
  CHECK(gender.code == "female");
  CHECK(gender.system == "http://hl7.org/fhir/administrative-gender");
  CHECK(gender.system_is_implied);
  CHECK(patient.one<TokenKey>("active").code == "true");
  const auto identifiers = patient.all<TokenKey>("identifier");
  REQUIRE(identifiers.size() == 2);
  CHECK(identifiers[0].system == "http://a.example/cccd");
  CHECK(identifiers[0].code == "001");
  CHECK(identifiers[0].text == "CCCD");
  CHECK(identifiers[1].system.empty());
  CHECK(patient.all<TokenKey>("telecom").size() == 2);
  CHECK(patient.one<TokenKey>("phone").code == "0901");
  CHECK(patient.one<TokenKey>("email").code == "a@b.example");
  const auto languages = patient.all<TokenKey>("language");
  REQUIRE(languages.size() == 2);
  CHECK(languages[0].system == "urn:ietf:bcp:47");
  CHECK(languages[0].text == "Vietnamese");
  CHECK(patient.one<TokenTextKey>("language").text == "Tiếng Việt");
}

TEST_CASE("whether a patient is dead follows the expression, whatever the choice holds") {
  const auto deceased = [](std::string_view member) {
    const Indexed patient("{\"resourceType\":\"Patient\"" + std::string(member) + "}");
    return patient.one<TokenKey>("deceased").code;
  };
  CHECK(deceased("") == "false");
  CHECK(deceased(",\"deceasedBoolean\":false") == "false");
  CHECK(deceased(",\"deceasedBoolean\":true") == "true");
  CHECK(deceased(",\"deceasedDateTime\":\"2020-01-01\"") == "true");
}

TEST_CASE("strings are folded and kept, part by part of names and addresses") {
  const Indexed patient(R"({"resourceType":"Patient","name":[{"text":"Nguyễn Văn Đức","family":"Nguyễn",
    "given":["Văn","Đức"],"prefix":["Ông"]}],"address":[{"line":["12 Lê Lợi"],"city":"Huế","country":"VN"}]})");
  const auto names = patient.all<StringKey>("name");
  REQUIRE(names.size() == 5);
  CHECK(names[0].exact == "Nguyễn Văn Đức");
  CHECK(names[0].folded == "nguyen van duc");
  CHECK(patient.one<StringKey>("family").folded == "nguyen");
  CHECK(patient.all<StringKey>("given").size() == 2);
  CHECK(patient.all<StringKey>("address").size() == 3);
  CHECK(patient.one<StringKey>("address-city").folded == "hue");
}

TEST_CASE("dates come from dates, moments, periods and timings") {
  const auto day = *parse_date_interval("2024-05-01", kVietnam);
  const Indexed patient(R"({"resourceType":"Patient","birthDate":"1990-02"})");
  CHECK(patient.one<DateKey>("birthdate") == *parse_date_interval("1990-02", kVietnam));
  const Indexed open_end(R"({"resourceType":"Encounter","period":{"start":"2024-05-01"}})");
  CHECK(open_end.one<DateKey>("date").lo == day.lo);
  CHECK(open_end.one<DateKey>("date").hi == kOpenEnd);
  const Indexed open_start(R"({"resourceType":"Encounter","period":{"end":"2024-05-01"}})");
  CHECK(open_start.one<DateKey>("date").lo == kOpenStart);
  CHECK(open_start.one<DateKey>("date").hi == day.hi);
  const Indexed empty(R"({"resourceType":"Encounter","period":{"id":"x"}})");
  CHECK(empty.all<DateKey>("date").empty());
  const Indexed timing(
      R"({"resourceType":"Observation","effectiveTiming":{"event":["2024-05-03","2024-05-01"],
    "repeat":{"boundsPeriod":{"start":"2024-05-02","end":"2024-05-07"}}}})");
  CHECK(timing.one<DateKey>("date").lo == day.lo);
  CHECK(timing.one<DateKey>("date").hi == parse_date_interval("2024-05-07", kVietnam)->hi);
  const Indexed instant(
      R"({"resourceType":"Patient","meta":{"lastUpdated":"2024-05-01T00:00:00.000+07:00"}})");
  CHECK(instant.one<DateKey>("_lastUpdated").lo == day.lo);
}

TEST_CASE("what is no date gives no key and is counted") {
  const Indexed patient(R"({"resourceType":"Patient","birthDate":"31/12/1990"})");
  CHECK(patient.all<DateKey>("birthdate").empty());
  CHECK(patient.keys().unusable_values() == 1);
}

TEST_CASE("numbers are exact and widened by their precision") {
  const Indexed risk(R"({"resourceType":"RiskAssessment","prediction":[{"probabilityDecimal":0.50},
    {"probabilityRange":{"low":{"value":0.2}}}]})");
  const auto numbers = risk.all<NumberKey>("probability");
  REQUIRE(numbers.size() == 2);
  CHECK(decimal_of(numbers[0].value.lo).to_string() == "0.5");
  CHECK(numbers[0].value.lo == numbers[0].value.hi);
  CHECK(decimal_of(numbers[0].implied.lo).to_string() == "0.495");
  CHECK(decimal_of(numbers[1].value.lo).to_string() == "0.2");
  CHECK(numbers[1].value.hi == kHighestNumber);
}

TEST_CASE("quantities keep their unit and have a canonical one") {
  const Indexed glucose(R"({"resourceType":"Observation","valueQuantity":{"value":5.4,"unit":"gam/L",
    "system":"http://unitsofmeasure.org","code":"g/L"}})");
  const auto key = glucose.one<QuantityKey>("value-quantity");
  CHECK(key.code == "g/L");
  CHECK(key.unit == "gam/L");
  CHECK(decimal_of(key.number.value.lo).to_string() == "5.4");
  CHECK(key.canonical_code == "m-3.g");
  CHECK(decimal_of(key.canonical.value.lo).to_string() == "5400");
  CHECK(decimal_of(key.canonical.implied.lo).to_string() == "5350");
  const Indexed unknown(R"({"resourceType":"Observation","valueQuantity":{"value":1,"unit":"viên",
    "system":"http://unitsofmeasure.org","code":"viên"}})");
  CHECK(unknown.one<QuantityKey>("value-quantity").canonical_code.empty());
}

TEST_CASE("temperatures have their own zero") {
  const Indexed fever(R"({"resourceType":"Observation","valueQuantity":{"value":37.0,
    "system":"http://unitsofmeasure.org","code":"Cel"}})");
  const auto key = fever.one<QuantityKey>("value-quantity");
  CHECK(key.canonical_code == "K");
  CHECK(decimal_of(key.canonical.value.lo).to_string() == "310.15");
}

TEST_CASE("sampled data are found by their bounds") {
  const Indexed curve(R"({"resourceType":"Observation","valueSampledData":{"origin":{"value":10,"unit":"mV"},
    "factor":2,"period":1,"dimensions":1,"data":"3 E -1 U 7"}})");
  const auto key = curve.one<QuantityKey>("value-quantity");
  CHECK(decimal_of(key.number.value.lo).to_string() == "8");
  CHECK(decimal_of(key.number.value.hi).to_string() == "24");
}

TEST_CASE("money is a quantity of a currency") {
  const Indexed claim(R"({"resourceType":"Invoice","totalGross":{"value":150000,"currency":"VND"}})");
  const auto key = claim.one<QuantityKey>("totalgross");
  CHECK(key.code == "VND");
  CHECK(key.system == "urn:iso:std:iso:4217");
}

TEST_CASE("references are taken apart") {
  const auto subject = [](std::string_view reference) {
    const Indexed observation("{\"resourceType\":\"Observation\",\"subject\":{\"reference\":\"" +
                              std::string(reference) + "\",\"type\":\"Patient\"}}");
    auto key = observation.one<ReferenceKey>("subject");
    return std::tuple(key.form, std::string(key.base), key.type, std::string(key.id),
                      std::string(key.version));
  };
  const TypeId patient = type_ids::kPatient;
  using Form = ReferenceForm;
  CHECK(subject("Patient/12") == std::tuple(Form::Local, "", patient, "12", ""));
  CHECK(subject("Patient/12/_history/3") == std::tuple(Form::Local, "", patient, "12", "3"));
  CHECK(subject("https://own.example/fhir/Patient/12") == std::tuple(Form::Local, "", patient, "12", ""));
  CHECK(subject("https://b.example/Patient/12") ==
        std::tuple(Form::Absolute, "https://b.example", patient, "12", ""));
  CHECK(subject("urn:uuid:0f1") == std::tuple(Form::Url, "", patient, "urn:uuid:0f1", ""));
}

TEST_CASE("references to contained resources are counted, identifiers kept apart") {
  const Indexed observation(
      R"({"resourceType":"Observation","contained":[{"resourceType":"Patient","id":"a"}],
    "subject":{"reference":"#a","identifier":{"system":"s","value":"v"}}})");
  CHECK(observation.all<ReferenceKey>("subject").empty());
  CHECK(observation.keys().contained_references() == 1);
  CHECK(observation.one<ReferenceIdentifierKey>("subject").value == "v");
}

TEST_CASE("parameters for one target type leave other targets out") {
  const Indexed of_patient(R"({"resourceType":"Observation","subject":{"reference":"Patient/1"}})");
  CHECK(of_patient.all<ReferenceKey>("patient").size() == 1);
  const Indexed of_group(R"({"resourceType":"Observation","subject":{"reference":"Group/1"}})");
  CHECK(of_group.all<ReferenceKey>("patient").empty());
  CHECK(of_group.all<ReferenceKey>("subject").size() == 1);
}

TEST_CASE("canonical references have URL and version") {
  const Indexed response(
      R"({"resourceType":"QuestionnaireResponse","questionnaire":"http://q.example/q1|2.0#part"})");
  const auto key = response.one<ReferenceKey>("questionnaire");
  CHECK(key.form == ReferenceForm::Canonical);
  CHECK(key.id == "http://q.example/q1");
  CHECK(key.version == "2.0");
}

TEST_CASE("a bundle's first entry is found where the expression has an index") {
  const Indexed bundle(R"({"resourceType":"Bundle","type":"message","entry":[
    {"resource":{"resourceType":"MessageHeader","id":"m"}},{"resource":{"resourceType":"Patient","id":"p"}}]})");
  const auto key = bundle.one<ReferenceKey>("message");
  CHECK(key.type == type_ids::kMessageHeader);
  CHECK(key.id == "m");
}

TEST_CASE("locations have a position") {
  const Indexed location(
      R"({"resourceType":"Location","position":{"longitude":105.8523000,"latitude":21.02878}})");
  const auto key = location.one<PositionKey>("near");
  CHECK(key.latitude == 210287800);
  CHECK(key.longitude == 1058523000);
}

TEST_CASE("composites join the values of one element") {
  const Indexed pressure(R"({"resourceType":"Observation","code":{"coding":[{"code":"85354-9"}]},"component":[
    {"code":{"coding":[{"code":"8480-6"}]},"valueQuantity":{"value":120,"unit":"mmHg"}},
    {"code":{"coding":[{"code":"8462-4"}]},"valueQuantity":{"value":80,"unit":"mmHg"}}]})");
  CHECK(pressure.found_by("component-code-value-quantity", "8480-6$120"));
  CHECK(pressure.found_by("combo-code-value-quantity", "8462-4$80"));
  CHECK_FALSE(pressure.found_by("component-code-value-quantity", "8480-6$80"));
  CHECK_FALSE(pressure.found_by("code-value-quantity", "85354-9$120"));
}

TEST_CASE("composites reach the resource and choose among types") {
  const Indexed sequence(R"({"resourceType":"MolecularSequence","coordinateSystem":0,
    "referenceSeq":{"chromosome":{"coding":[{"code":"1"}]}},"variant":[{"start":22,"end":25},{"start":40}]})");
  CHECK(sequence.found_by("chromosome-variant-coordinate", "1$22$25"));
  CHECK_FALSE(sequence.found_by("chromosome-variant-coordinate", "1$40$25"));
  const Indexed dated(R"({"resourceType":"Observation","code":{"coding":[{"code":"c"}]},
    "valueDateTime":"2024-05-01T08:00:00+07:00"})");
  CHECK(dated.found_by("code-value-date", "c$2024-05"));
}

TEST_CASE("damaged resources give what keys they can") {
  const Indexed odd(
      R"({"resourceType":"Patient","id":{"a":1},"name":"An","gender":["male",null,[]],"birthDate":7,
    "identifier":{"value":"1"},"link":[{"other":{"reference":5}}],"managingOrganization":[],"name":null})");
  CHECK(odd.known());
  CHECK(odd.one<TokenKey>("identifier").code == "1");
  CHECK(odd.one<TokenKey>("gender").code == "male");
  CHECK(odd.all<DateKey>("birthdate").empty());
  CHECK_FALSE(Indexed(R"({"resourceType":"Nothing"})").known());
  CHECK_FALSE(Indexed(R"({"resourceType":"HumanName"})").known());
  CHECK_FALSE(Indexed(R"([1])").known());
}
