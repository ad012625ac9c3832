#include "fhir-model/definitions/definitions.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <set>
#include <string>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"

namespace {

using fhir::Definitions;
using fhir::Element;
using fhir::Type;
using fhir::TypeKind;

const Definitions& r4() {
  return Definitions::r4();
}

const Type& type(std::string_view name) {
  const Type* found = r4().find_type(name);
  REQUIRE(found != nullptr);
  return *found;
}

}  // namespace

TEST_CASE("definitions: 4.0.1 with all its types") {
  CHECK(r4().fhir_version() == "4.0.1");
  std::size_t counts[5] = {};
  for (const Type& each : r4().types()) ++counts[static_cast<std::size_t>(each.kind)];
  CHECK(counts[static_cast<std::size_t>(TypeKind::Resource)] == 148);
  CHECK(counts[static_cast<std::size_t>(TypeKind::Primitive)] == 20);
  CHECK(counts[static_cast<std::size_t>(TypeKind::Complex)] == 43);
  CHECK(r4().search_parameters().size() == 1376);
  CHECK(r4().find_type("patient") == nullptr);
  CHECK(r4().find_type("") == nullptr);
  CHECK(type("Patient").id == fhir::type_ids::kPatient);
  CHECK(r4().find_type_by_url("http://hl7.org/fhir/StructureDefinition/Patient|4.0.1") == &type("Patient"));
  CHECK(r4().find_type_by_url("http://example.org/Patient") == nullptr);
}

TEST_CASE("definitions: atoms are found by name and by padded name") {
  CHECK(fhir::find_atom("resourceType") == fhir::atoms::kResourceType);
  CHECK(fhir::find_atom("nosuchname") == fhir::kNoAtom);
  CHECK(fhir::find_atom("") == fhir::kNoAtom);
  CHECK(fhir::find_atom(std::string(200, 'x')) == fhir::kNoAtom);
  for (fhir::Atom atom = 1; atom < fhir::atom_count(); ++atom) {
    REQUIRE(fhir::find_atom(fhir::atom_text(atom)) == atom);
  }
  const char padded[] = "birthDate\":1234567890";
  CHECK(fhir::find_atom_padded(padded, 9) == fhir::atoms::kBirthDate);
}

TEST_CASE("definitions: every type finds each of its members and nothing else") {
  std::size_t members = 0;
  for (const Type& each : r4().types()) {
    std::set<fhir::Atom> own;
    for (const Element& element : each.elements) {
      REQUIRE_FALSE(element.types.empty());
      REQUIRE(element.owner == each.id);
      REQUIRE(&each.elements[element.index] == &element);
      for (const fhir::TypeChoice& choice : element.types) {
        REQUIRE(fhir::find_atom(choice.json_name) == choice.atom);
        const fhir::MemberMatch match = fhir::find_member(each, choice.atom);
        REQUIRE(match.element == &element);
        REQUIRE(match.choice == &choice);
        own.insert(choice.atom);
        ++members;
      }
    }
    std::size_t found = 0;
    for (fhir::Atom atom = 0; atom < fhir::atom_count(); ++atom)
      found += fhir::find_member(each, atom) ? 1 : 0;
    REQUIRE(found == own.size());
  }
  CHECK(members > 7000);
}

TEST_CASE("definitions: cardinality, types, bindings and inheritance of well-known elements") {
  const Type& patient = type("Patient");
  CHECK(r4().is_a(patient.id, fhir::type_ids::kDomainResource));
  CHECK(r4().is_a(patient.id, fhir::type_ids::kResource));
  CHECK_FALSE(r4().is_a(patient.id, fhir::type_ids::kObservation));
  CHECK(r4().is_a(fhir::type_ids::kCode, fhir::type_ids::kString));
  CHECK(r4().is_a(fhir::type_ids::kAge, fhir::type_ids::kQuantity));
  const auto gender = fhir::find_member(patient, fhir::atoms::kGender);
  REQUIRE(gender);
  CHECK(gender.element->min == 0);
  CHECK(gender.element->max == 1);
  CHECK(gender.element->is_summary);
  const fhir::Binding& binding = r4().bindings()[gender.element->binding_id];
  CHECK(binding.strength == fhir::BindingStrength::Required);
  CHECK(binding.value_set_url.view() == "http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1");
  const auto name = fhir::find_member(patient, fhir::atoms::kName);
  CHECK(name.element->is_array);
  CHECK(name.element->max == Element::kUnbounded);
  CHECK(name.choice->type == fhir::type_ids::kHumanName);
  const auto contact = fhir::find_member(patient, fhir::atoms::kContact);
  CHECK(contact.choice->type == fhir::type_ids::kPatientContact);
  CHECK(r4().type(fhir::type_ids::kPatientContact).base == fhir::type_ids::kBackboneElement);
  CHECK(r4().type(fhir::type_ids::kPatientContact).invariant_ids.size() == 2);  // ele-1, pat-1
  const auto id = fhir::find_member(patient, fhir::atoms::kId);
  CHECK(id.element->is_inherited);
  CHECK_FALSE(id.element->is_xml_attribute);
  CHECK(id.choice->type == fhir::type_ids::kId);
  CHECK(fhir::find_member(type("HumanName"), fhir::atoms::kId).element->is_xml_attribute);
  const auto quantity = fhir::find_member(type("Observation"), fhir::atoms::kValueQuantity);
  REQUIRE(quantity);
  CHECK(quantity.element->name.view() == "value[x]");
  CHECK(quantity.element->is_choice);
  CHECK(quantity.element->types.size() == 11);
  CHECK_FALSE(fhir::find_member(type("Observation"), fhir::find_atom("value")));
  CHECK(fhir::find_element(type("Observation"), "value") == quantity.element);
  const auto managing = fhir::find_member(patient, fhir::atoms::kManagingOrganization);
  REQUIRE(managing.choice->targets.size() == 1);
  CHECK(managing.choice->targets[0] == fhir::type_ids::kOrganization);
  const auto link = fhir::find_member(type("Bundle.entry"), fhir::atoms::kLink);
  CHECK(link.element->content_reference.view() == "#Bundle.link");
  CHECK(link.choice->type == fhir::type_ids::kBundleLink);
  CHECK(type("date").regex.view().find("[0-9]") != std::string_view::npos);
  CHECK(type("decimal").json_form == fhir::JsonForm::Number);
  CHECK(type("boolean").json_form == fhir::JsonForm::Boolean);
  CHECK(type("SimpleQuantity").is_profile);
}

TEST_CASE("definitions: an element does not repeat the constraints of its type") {
  for (const Type& each : r4().types()) {
    for (const Element& element : each.elements) {
      if (element.types.size() != 1) continue;
      const Type& value = r4().type(element.types[0].type);
      for (const std::uint16_t id : element.invariant_ids) {
        for (const std::uint16_t of_type : value.invariant_ids) REQUIRE(id != of_type);
      }
    }
  }
}

TEST_CASE("terminology: codes of closed sets are decided, others are left open") {
  const fhir::ValueSet* gender =
      r4().find_value_set("http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1");
  REQUIRE(gender != nullptr);
  CHECK(gender->kind == fhir::ValueSetKind::Closed);
  const auto male = fhir::is_member(*gender, {}, "male");
  CHECK(male.membership == fhir::Membership::Member);
  CHECK(male.concept_found->display.view() == "Male");
  CHECK(fhir::is_member(*gender, {}, "Male").membership == fhir::Membership::NotMember);
  CHECK(fhir::is_member(*gender, {}, "m").membership == fhir::Membership::NotMember);
  CHECK(fhir::is_member(*gender, "http://hl7.org/fhir/administrative-gender", "female").membership ==
        fhir::Membership::Member);
  CHECK(fhir::is_member(*gender, "http://example.org", "female").membership == fhir::Membership::NotMember);
  CHECK(r4().find_value_set("http://hl7.org/fhir/ValueSet/mimetypes")->kind == fhir::ValueSetKind::MimeTypes);
  CHECK(r4().find_value_set("http://hl7.org/fhir/ValueSet/all-languages")->kind ==
        fhir::ValueSetKind::Languages);
  CHECK(r4().find_value_set("http://hl7.org/fhir/ValueSet/ucum-units")->kind == fhir::ValueSetKind::Ucum);
  CHECK(r4().find_value_set("http://hl7.org/fhir/ValueSet/currencies")->kind ==
        fhir::ValueSetKind::Currencies);
  const fhir::ValueSet* currencies = r4().find_value_set("http://hl7.org/fhir/ValueSet/currencies");
  CHECK(fhir::is_member(*currencies, "urn:iso:std:iso:4217", "VND").membership == fhir::Membership::Member);
  CHECK(fhir::is_member(*currencies, {}, "vnd").membership == fhir::Membership::NotMember);
  const fhir::ValueSet* conditions = r4().find_value_set("http://hl7.org/fhir/ValueSet/condition-code");
  REQUIRE(conditions != nullptr);
  CHECK(fhir::is_member(*conditions, "http://snomed.info/sct", "38341003").membership ==
        fhir::Membership::Unknown);
  CHECK(fhir::is_member(*conditions, "http://loinc.org", "1-8").membership == fhir::Membership::NotMember);
  const fhir::ValueSet* acts = r4().find_value_set("http://terminology.hl7.org/ValueSet/v3-ActEncounterCode");
  REQUIRE(acts != nullptr);
  CHECK(fhir::is_member(*acts, "http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB").membership ==
        fhir::Membership::Member);
  const fhir::CodeSystem* v2 = r4().find_code_system("http://terminology.hl7.org/CodeSystem/v2-0203");
  REQUIRE(v2 != nullptr);
  REQUIRE(fhir::find_concept(*v2, "MR") != nullptr);
  CHECK(fhir::find_concept(*v2, "no such code") == nullptr);
}

TEST_CASE("terminology: nearly all required bindings are decided here") {
  std::set<std::string> open;
  for (const fhir::Binding& binding : r4().bindings()) {
    if (binding.strength != fhir::BindingStrength::Required) continue;
    const fhir::ValueSet& set = r4().value_sets()[binding.value_set_id];  // 0, External: not known at all
    if (set.kind == fhir::ValueSetKind::Partial || set.kind == fhir::ValueSetKind::External) {
      open.insert(std::string(binding.value_set_url.view()));
    }
  }
  CHECK(open == std::set<std::string>{"http://loinc.org/vs/LL379-9|4.0.1"});
}

TEST_CASE("search parameters: by type, with those of the parents") {
  const Type& patient = type("Patient");
  const fhir::SearchParameter* birthdate = r4().find_search_parameter(patient, "birthdate");
  REQUIRE(birthdate != nullptr);
  CHECK(birthdate->type == fhir::SearchType::Date);
  CHECK(birthdate->expression.view() == "Patient.birthDate | Person.birthDate | RelatedPerson.birthDate");
  CHECK((birthdate->comparators & fhir::kCompareGe) != 0);
  CHECK((birthdate->modifiers & fhir::kModifyMissing) != 0);
  CHECK(r4().find_search_parameter(patient, "_lastUpdated") != nullptr);
  CHECK(r4().find_search_parameter(patient, "code") == nullptr);
  const fhir::SearchParameter* composite =
      r4().find_search_parameter(type("Observation"), "code-value-quantity");
  REQUIRE(composite != nullptr);
  REQUIRE(composite->components.size() == 2);
  CHECK(r4().search_parameters()[composite->components[1].parameter_id].type == fhir::SearchType::Quantity);
  const fhir::SearchParameter* subject = r4().find_search_parameter(type("Observation"), "patient");
  REQUIRE(subject != nullptr);
  CHECK(subject->type == fhir::SearchType::Reference);
  CHECK(r4().compartments().size() == 5);
}
