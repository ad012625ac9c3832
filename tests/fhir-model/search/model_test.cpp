#include <thread>

#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/search/type_plan.h"
#include "search_fixture.h"

using namespace fhir;          // NOLINT
using namespace fhir::search;  // NOLINT

namespace {

tl::expected<ParameterId, ParameterError> add(SearchModel& model, std::string json) {
  const std::size_t size = json.size();
  json.append(kPadding, '\0');
  Document document;
  REQUIRE(read_json({json.data(), size}, document).has_value());
  return model.add(document.root());
}

std::string parameter(std::string_view code, std::string_view type, std::string_view expression,
                      std::string_view more = "") {
  std::string json = R"({"resourceType":"SearchParameter","url":"http://p.example/)";
  json.append(code).append(R"(","code":")").append(code).append(R"(","type":")").append(type);
  json.append(R"(","base":["Patient"],"expression":")").append(expression).append("\"");
  return json.append(more).append("}");
}

}  // namespace

TEST_CASE("all R4 parameters with an expression are in the plan of their types") {
  const SearchModel& model = SearchModel::r4();
  std::size_t programs = 0;
  for (const Type& type : Definitions::r4().types()) {
    if (type.kind != TypeKind::Resource || type.is_abstract) continue;
    const TypePlan& plan = model.plan(type.id);
    std::vector<bool> planned(model.parameter_count());
    for (const Place& place : plan.places) {
      for (const Action& action : place.actions) {
        for (const Subscriber& one : action.subscribers) {
          planned[one.parameter] = planned[one.parameter] || action.extraction != Extraction::None;
        }
      }
      for (const Composite& composite : place.composites) planned[composite.parameter] = true;
    }
    for (const PlanProgram& program : plan.programs) planned[program.parameter] = true;
    programs += plan.programs.size();
    for (const ParameterId id : model.parameters_of(type.id)) {
      INFO(type.name.view() << " " << model.parameter(id).code << ": " << model.parameter(id).expression);
      CHECK((planned[id] || model.parameter(id).expression.empty()));
    }
  }
  CHECK(programs == 3);  // Patient.deceased, Bundle's composition and message
}

TEST_CASE("parameters are found by type and code, or by URL") {
  const SearchModel& model = SearchModel::r4();
  const ParameterInfo* birthdate = model.find(type_ids::kPatient, "birthdate");
  REQUIRE(birthdate != nullptr);
  CHECK(birthdate->type == SearchType::Date);
  CHECK(model.find_by_url(birthdate->url)->id == birthdate->id);
  CHECK(model.find(type_ids::kPatient, "_lastUpdated") != nullptr);
  CHECK(model.find(type_ids::kPatient, "code") == nullptr);
}

TEST_CASE("an operator's own parameters work like R4's") {
  SearchModel model;
  REQUIRE(add(model, parameter("ethnic", "token",
                               "Patient.extension('http://x.example/dan-toc').value as CodeableConcept")));
  REQUIRE(add(model, parameter("home-city", "string", "Patient.address.where(use = 'home').city")));
  REQUIRE(add(model, parameter("name-count", "number", "Patient.name.count()")));
  REQUIRE(add(model, parameter("joined", "string", "Patient.name.select(family & ' ' & given.first())")));
  const Indexed patient(R"({"resourceType":"Patient","extension":[
      {"url":"http://x.example/other","valueCodeableConcept":{"coding":[{"code":"99"}]}},
      {"url":"http://x.example/dan-toc","valueCodeableConcept":{"coding":[{"code":"01"}]}}],
    "name":[{"family":"Lê","given":["An"]}],
    "address":[{"use":"work","city":"Huế"},{"use":"home","city":"Đà Nẵng"}]})",
                        model);
  CHECK(patient.one<TokenKey>("ethnic").code == "01");
  CHECK(patient.one<StringKey>("home-city").folded == "da nang");
  CHECK(decimal_of(patient.one<NumberKey>("name-count").value.lo).to_string() == "1");
  CHECK(patient.one<StringKey>("joined").folded == "le an");
  CHECK(patient.found_by("ethnic", "01"));
}

TEST_CASE("an own parameter replaces R4's of the same code") {
  SearchModel model;
  const auto id = add(model, parameter("gender", "token", "Patient.maritalStatus"));
  REQUIRE(id.has_value());
  CHECK(model.find(type_ids::kPatient, "gender")->id == *id);
  const Indexed patient(
      R"({"resourceType":"Patient","gender":"male","maritalStatus":{"coding":[{"code":"M"}]}})", model);
  CHECK(patient.one<TokenKey>("gender").code == "M");
}

TEST_CASE("own composites may use expressions that are no paths") {
  SearchModel model;
  constexpr std::string_view kComponents = R"~(,"component":[
    {"definition":"http://hl7.org/fhir/SearchParameter/individual-family","expression":"family"},
    {"definition":"http://hl7.org/fhir/SearchParameter/individual-given","expression":"given.first()"}])~";
  REQUIRE(add(model, parameter("first-name", "composite", "Patient.name", kComponents)));
  const Indexed patient(
      R"({"resourceType":"Patient","name":[{"family":"Lê","given":["An","Na"]},{"family":"Vũ","given":["Hà"]}]})",
      model);
  CHECK(patient.found_by("first-name", "le$an"));
  CHECK_FALSE(patient.found_by("first-name", "le$na"));
  CHECK_FALSE(patient.found_by("first-name", "le$ha"));
}

TEST_CASE("own parameters that cannot work are refused with the reason") {
  SearchModel model;
  const auto refused = [&](const std::string& json) {
    const auto result = add(model, json);
    REQUIRE_FALSE(result.has_value());
    return result.error().message;
  };
  CHECK(refused(parameter("x", "token", "Patient.(")).find("expression") != std::string::npos);
  CHECK(refused(parameter("x", "tokn", "Patient.id")).find("`type`") != std::string::npos);
  CHECK(refused(parameter("x", "composite", "Patient")).find("`component`") != std::string::npos);
  CHECK(refused(parameter("x", "token", "Patient.id", R"(,"target":["Nobody"])")).find("resource type") !=
        std::string::npos);
  CHECK(refused(R"({"resourceType":"Patient"})").find("no SearchParameter") != std::string::npos);
}

TEST_CASE("plans are made once, whoever asks first") {
  const SearchModel model;
  std::vector<const TypePlan*> plans(8);
  std::vector<std::thread> threads;
  for (auto& plan : plans) {
    threads.emplace_back([&] { plan = &model.plan(type_ids::kObservation); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const TypePlan* plan : plans) CHECK(plan == plans[0]);
}
