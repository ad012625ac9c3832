// Formats, bindings, references, base constraints, extensions, narrative.
#include <catch2/catch.hpp>

#include "fhir-model/definitions/generated/type_ids.h"
#include "fhir-model/validate/code_grammar.h"
#include "fhir-model/validate/format.h"
#include "judged.h"

using namespace judged;
namespace ids = fhir::type_ids;

TEST_CASE("formats of primitive types") {
  const auto fits = [](fhir::TypeId type, std::string_view text) {
    return check_format(type, text) == kFormatFits;
  };
  CHECK(fits(ids::kDate, "2024-02-29"));
  CHECK_FALSE(fits(ids::kDate, "2023-02-29"));
  CHECK_FALSE(fits(ids::kDate, "2023-13"));
  CHECK(fits(ids::kDateTime, "2023-01-02T03:04:05+07:00"));
  CHECK(check_format(ids::kDateTime, "2023-01-02T03:04:05") == MessageId::DateTimeNeedsZone);
  CHECK_FALSE(fits(ids::kDateTime, "2023-01-02T24:04:05Z"));
  CHECK_FALSE(fits(ids::kInstant, "2023-01-02"));
  CHECK(fits(ids::kInstant, "2023-01-02T03:04:05.123Z"));
  CHECK_FALSE(fits(ids::kTime, "3:04:05"));
  CHECK(fits(ids::kId, "a-B.9"));
  CHECK_FALSE(fits(ids::kId, std::string(65, 'a')));
  CHECK_FALSE(fits(ids::kCode, " final"));
  CHECK_FALSE(fits(ids::kCode, "a  b"));
  CHECK(fits(ids::kCode, "a b"));
  CHECK_FALSE(fits(ids::kUri, "http://a b"));
  CHECK_FALSE(fits(ids::kUri, "urn:uuid:ABCDEF00-0000-4000-8000-000000000000"));
  CHECK_FALSE(fits(ids::kUri, "urn:oid:3.1"));
  CHECK(fits(ids::kUri, "urn:oid:1.2.0.4"));
  CHECK_FALSE(fits(ids::kCanonical, "Library/x"));
  CHECK(fits(ids::kCanonical, "#x"));
  CHECK(fits(ids::kBase64Binary, "aGVs bG8="));
  CHECK_FALSE(fits(ids::kBase64Binary, "aGVsb"));
  CHECK(check_format(ids::kInteger, "2147483648") == MessageId::OutOfRange);
  CHECK(check_format(ids::kPositiveInt, "0") == MessageId::OutOfRange);
  CHECK_FALSE(fits(ids::kDecimal, "1.e5"));
}

TEST_CASE("grammars of language tags, media types and units") {
  for (const auto tag :
       {"vi", "en-US", "zh-Hans-CN", "de-CH-1996", "x-home", "i-default", "sl-rozaj-biske"}) {
    CHECK(is_language_tag(tag));
  }
  for (const auto tag : {"", "e", "en--US", "en-", "vietnamese language", "en-US-"})
    CHECK_FALSE(is_language_tag(tag));
  CHECK(is_media_type("text/plain; charset=utf-8"));
  CHECK(is_media_type("application/fhir+json"));
  CHECK_FALSE(is_media_type("text"));
  CHECK_FALSE(is_media_type("text/pl ain"));
  CHECK(is_ucum_unit("mmol/L"));
  CHECK_FALSE(is_ucum_unit("mmol per L"));
}

TEST_CASE("required bindings are errors, extensible ones warnings, preferred ones remarks") {
  CHECK(said(judge(R"({"resourceType":"Patient","gender":"M"})")) ==
        Lines{"error code-required Patient.gender"});
  CHECK(said(judge(
            R"({"resourceType":"Patient","maritalStatus":{"coding":[{"system":"urn:x","code":"Q"}]}})")) ==
        Lines{"warning code-extensible Patient.maritalStatus"});
  CHECK(said(judge(R"({"resourceType":"Patient","language":"no language"})")) ==
        Lines{"error code-maximum Patient.language"});
  CHECK(
      said(judge(
          R"({"resourceType":"Claim","status":"active","use":"claim","type":{"text":"a"},"patient":{"display":"p"},
    "created":"2020","provider":{"display":"x"},"priority":{"text":"n"},"insurance":[{"sequence":1,"focal":true,"coverage":{"display":"c"}}],
    "total":{"value":1,"currency":"XXQ"}})")) == Lines{"error code-required Claim.total.currency"});
}

TEST_CASE("codes are looked up in the systems that FHIR publishes") {
  CHECK(
      said(judge(
          R"({"resourceType":"Basic","code":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"NOSUCH"}]}})")) ==
      Lines{"error code-unknown Basic.code.coding[0].code"});
  CHECK(said(judge(R"({"resourceType":"Basic","code":{"coding":[{"system":"loinc","code":"1-8"}]}})")) ==
        Lines{"error system-relative Basic.code.coding[0].system"});
  CHECK(
      said(judge(
          R"({"resourceType":"Basic","code":{"coding":[{"system":"http://hl7.org/fhir/ValueSet/administrative-gender","code":"male"}]}})")) ==
      Lines{"error system-is-value-set Basic.code.coding[0].system"});
}

TEST_CASE("references: contained ones resolve, types fit") {
  CHECK(said(judge(R"({"resourceType":"Patient","managingOrganization":{"reference":"#o"}})")) ==
        Lines{"error reference-contained Patient.managingOrganization"});
  const std::string contained = R"("contained":[{"resourceType":"Organization","id":"o","name":"A"}],)";
  CHECK(said(judge(R"({"resourceType":"Patient",)" + contained +
                   R"("managingOrganization":{"reference":"#o"}})"))
            .empty());
  CHECK(
      said(judge(
          R"({"resourceType":"Encounter","status":"planned","class":{"code":"AMB","system":"http://terminology.hl7.org/CodeSystem/v3-ActCode"},)" +
          contained + R"("subject":{"reference":"#o"}})")) ==
      Lines{"error reference-target Encounter.subject"});
  CHECK(said(judge(R"({"resourceType":"Patient","managingOrganization":{"reference":"Patient/1"}})")) ==
        Lines{"warning reference-target Patient.managingOrganization"});
}

TEST_CASE("base constraints, native and evaluated") {
  CHECK(said(judge(R"({"resourceType":"Patient","contact":[{"gender":"male"}]})")) ==
        Lines{"error invariant Patient.contact[0]"});
  CHECK(said(judge(R"({"resourceType":"Patient","name":[{"id":"x"}]})")) ==
        Lines{"error invariant Patient.name[0]"});
  CHECK(
      said(judge(
          R"({"resourceType":"Patient","identifier":[{"period":{"start":"2021-01-02","end":"2021-01-01"},"value":"1"}]})")) ==
      Lines{"error invariant Patient.identifier[0].period"});
  CHECK(said(judge(R"({"resourceType":"Patient","telecom":[{"value":"0912"}]})")) ==
        Lines{"error invariant Patient.telecom[0]"});
  CHECK(
      said(judge(
          R"({"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"o","name":"A"}]})")) ==
      Lines{"error invariant Patient"});
  CHECK(
      said(judge(
          R"({"resourceType":"Observation","status":"final","code":{"coding":[{"system":"urn:c","code":"a"}]},"valueInteger":1,
    "component":[{"code":{"coding":[{"system":"urn:c","code":"a"}]},"valueInteger":1}]})")) ==
      Lines{"error invariant Observation"});
  CHECK(
      said(judge(
          R"({"resourceType":"Linkage","item":[{"type":"source","resource":{"reference":"Patient/1"}}]})")) ==
      Lines{"error invariant Linkage"});
  ValidationOptions strict;
  strict.best_practice = true;
  CHECK(said(judge(R"({"resourceType":"Patient","active":true})", base_validator(), strict)) ==
        Lines{"warning invariant Patient"});
}

TEST_CASE("extensions: known ones stand where they may, with the value they may have") {
  const std::string birth_place =
      R"({"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueAddress":{"city":"Huế"}})";
  CHECK(said(judge(R"({"resourceType":"Patient","extension":[)" + birth_place + "]}")).empty());
  CHECK(said(judge(R"({"resourceType":"Organization","name":"A","extension":[)" + birth_place + "]}")) ==
        Lines{"error extension-context Organization"});
  CHECK(
      said(judge(
          R"({"resourceType":"Patient","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthPlace","valueString":"Huế"}]})")) ==
      Lines{"error profile-element-type Patient.extension[0].value.ofType(string)"});
  CHECK(said(judge(R"({"resourceType":"Patient","extension":[{"valueString":"x"}]})")) ==
        Lines{"error extension-url-missing Patient.extension[0]"});
  CHECK(said(judge(R"({"resourceType":"Patient","extension":[{"url":"urn:x"}]})")).front() ==
        "error invariant Patient.extension[0]");
}

TEST_CASE("unknown extensions are a remark, modifiers an error, and all an error where asked for") {
  const std::string text =
      R"({"resourceType":"Patient","extension":[{"url":"http://hospital.vn/x","valueString":"a"}]})";
  CHECK(said(judge(text)).empty());
  CHECK(said(judge(text), Severity::Information) ==
        Lines{"information extension-unknown Patient.extension[0]"});
  ValidationOptions strict;
  strict.unknown_extensions_allowed = false;
  CHECK(said(judge(text, base_validator(), strict)) == Lines{"error extension-refused Patient.extension[0]"});
  CHECK(
      said(judge(
          R"({"resourceType":"Patient","modifierExtension":[{"url":"http://hospital.vn/x","valueString":"a"}]})")) ==
      Lines{"error modifier-extension-unknown Patient.modifierExtension[0]"});
}

TEST_CASE("narratives are safe XHTML whose links lead somewhere") {
  const auto with = [](const std::string& inner) {
    return R"({"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>)" +
           inner + R"(</div>"}})";
  };
  CHECK(said(judge(with("<p id='a'>An</p><a href='#a'>x</a>"))).empty());
  CHECK(said(judge(with("<script>x</script>"))) == Lines{"error narrative-unsafe Patient.text.div"});
  CHECK(said(judge(with(" "))) == Lines{"error narrative-unsafe Patient.text.div"});
  CHECK(said(judge(with("<a href='urn:uuid:1'>x</a>"))) ==
        Lines{"error narrative-link-scheme Patient.text.div"});
  CHECK(said(judge(with("<a href='#b'>x</a>"))) == Lines{"error narrative-link-broken Patient.text.div"});
}

TEST_CASE("an attachment's size is that of its data") {
  CHECK(
      said(
          judge(
              R"({"resourceType":"Patient","photo":[{"contentType":"text/plain","data":"aGVsbG8=","size":5}]})"))
          .empty());
  CHECK(
      said(judge(
          R"({"resourceType":"Patient","photo":[{"contentType":"text/plain","data":"aGVsbG8=","size":6}]})")) ==
      Lines{"error attachment-size Patient.photo[0]"});
}
