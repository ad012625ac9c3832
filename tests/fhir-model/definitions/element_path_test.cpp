#include "fhir-model/definitions/element_path.h"

#include <catch2/catch.hpp>
#include <string>

#include "fhir-model/definitions/generated/type_ids.h"

namespace {

using fhir::PathError;

auto resolve(std::string_view path) {
  return fhir::resolve_path(fhir::Definitions::r4(), path);
}

std::string suggestion(std::string_view path) {
  const auto result = resolve(path);
  REQUIRE_FALSE(result.has_value());
  return result.error().suggestion;
}

PathError::Kind kind(std::string_view path) {
  const auto result = resolve(path);
  REQUIRE_FALSE(result.has_value());
  CHECK_FALSE(result.error().message.empty());
  return result.error().kind;
}

}  // namespace

TEST_CASE("paths: nested elements, choices, indexes and content references lead to their types") {
  CHECK(resolve("Patient")->type->id == fhir::type_ids::kPatient);
  CHECK(resolve("Patient")->element == nullptr);
  CHECK(resolve("Patient.contact.name.family")->type->id == fhir::type_ids::kString);
  CHECK(resolve("Patient.name[0].given[1]")->type->id == fhir::type_ids::kString);
  CHECK(resolve("Observation.valueQuantity.value")->type->id == fhir::type_ids::kDecimal);
  CHECK(resolve("Observation.component.valueCodeableConcept.coding.code")->type->id == fhir::type_ids::kCode);
  CHECK(resolve("Bundle.entry.link.url")->type->id == fhir::type_ids::kUri);
  CHECK(resolve("Patient.birthDate.extension.url")->type->id == fhir::type_ids::kUri);
  const auto open = resolve("Observation.value[x]");
  REQUIRE(open.has_value());
  CHECK(open->type == nullptr);
  CHECK(open->choice == nullptr);
  CHECK(open->element->path.view() == "Observation.value[x]");
  CHECK(resolve("Observation.value")->element == open->element);
  const auto relative =
      fhir::resolve_path(fhir::Definitions::r4(), *resolve("Patient")->type, "contact.gender");
  REQUIRE(relative.has_value());
  CHECK(relative->type->id == fhir::type_ids::kCode);
}

TEST_CASE("paths: mistakes name the step, its place and the nearest name") {
  CHECK(kind("") == PathError::Kind::Empty);
  CHECK(kind("Pateint.name") == PathError::Kind::UnknownType);
  CHECK(kind("Patient.nmae") == PathError::Kind::UnknownElement);
  CHECK(kind("Patient.") == PathError::Kind::UnknownElement);
  CHECK(kind("Patient.gender[x]") == PathError::Kind::NotAChoice);
  CHECK(kind("Observation.value[x].unit") == PathError::Kind::OpenChoice);
  CHECK(kind("Patient.gender.code") == PathError::Kind::IsPrimitive);
  CHECK(suggestion("Pateint.name") == "Patient");
  CHECK(suggestion("patient.name") == "Patient");
  CHECK(suggestion("Patient.birthdate") == "birthDate");
  CHECK(suggestion("Patient.contact.nmae") == "name");
  CHECK(suggestion("Observation.valueQuantty") == "valueQuantity");
  CHECK(suggestion("Patient.zzzzzzzz") == "");
  const auto result = resolve("Patient.contact.nmae");
  CHECK(result.error().offset == 16);
  CHECK(result.error().message.find("\"name\"") != std::string::npos);
}
