#include <catch2/catch.hpp>
#include <string>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/json_writer.h"
#include "fhir-model/document/xml_reader.h"
#include "fhir-model/document/xml_writer.h"

namespace {

using fhir::Document;
using fhir::ReadErrorKind;

std::string to_json(std::string_view xml) {
  Document document;
  const auto result = fhir::read_xml(xml, fhir::Definitions::r4(), document);
  if (!result)
    return "error at " + std::to_string(result.error().offset) + ": " + std::string(result.error().message);
  std::string out;
  fhir::write_json(document.root(), out);
  return out;
}

std::string to_xml(std::string json, bool pretty = false) {
  const std::size_t size = json.size();
  json.append(fhir::kPadding, '\0');
  Document document;
  REQUIRE(fhir::read_json({json.data(), size}, document).has_value());
  std::string out;
  const auto result = fhir::write_xml(document.root(), fhir::Definitions::r4(), out, pretty);
  return result ? out : "error at " + std::string(result.error().node->json_name());
}

ReadErrorKind error_of(std::string_view xml, const fhir::ReadLimits& limits = {}) {
  Document document;
  const auto result = fhir::read_xml(xml, fhir::Definitions::r4(), document, limits);
  REQUIRE_FALSE(result.has_value());
  CHECK(document.empty());
  return result.error().kind;
}

std::string patient(std::string_view inner) {
  return "<Patient xmlns=\"http://hl7.org/fhir\">" + std::string(inner) + "</Patient>";
}

constexpr std::string_view kXml =
    "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"p1\"/>"
    "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">A &amp; "
    "<b>B</b><br/></div></text>"
    "<contained><Organization><id value=\"o\"/><name value=\"Tr&quot;&#xA;m\"/></Organization></contained>"
    "<extension url=\"http://example.org/x\"><valueDecimal value=\"1.50\"/></extension>"
    "<active value=\"true\"/>"
    "<name id=\"n\"><given value=\"An\"/><given id=\"g\"><extension url=\"http://example.org/y\">"
    "<valueBoolean value=\"false\"/></extension></given></name>"
    "<birthDate value=\"1970\"><extension url=\"http://example.org/z\"><valueInteger "
    "value=\"7\"/></extension></birthDate>"
    "<multipleBirthInteger value=\"2\"/></Patient>";

constexpr std::string_view kJson =
    R"({"resourceType":"Patient","id":"p1","text":{"status":"generated",)"
    R"("div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">A &amp; <b>B</b><br/></div>"},)"
    R"("contained":[{"resourceType":"Organization","id":"o","name":"Tr\"\nm"}],)"
    R"("extension":[{"url":"http://example.org/x","valueDecimal":1.50}],"active":true,)"
    R"("name":[{"id":"n","given":["An",null],)"
    R"("_given":[null,{"id":"g","extension":[{"url":"http://example.org/y","valueBoolean":false}]}]}],)"
    R"("birthDate":"1970","_birthDate":{"extension":[{"url":"http://example.org/z","valueInteger":7}]},)"
    R"("multipleBirthInteger":2})";

}  // namespace

TEST_CASE("XML: a resource with all kinds of values has the shape of its JSON") {
  CHECK(to_json(kXml) == kJson);
}

TEST_CASE("XML: JSON is written as the XML it came from, whatever the order of its members") {
  CHECK(to_xml(std::string(kJson)) == kXml);
  CHECK(to_xml(R"({"birthDate":"1970","_active":{"id":"a"},"id":"1","resourceType":"Patient"})") ==
        patient("<id value=\"1\"/><active id=\"a\"/><birthDate value=\"1970\"/>"));
  CHECK(to_xml(R"({"resourceType":"Patient","active":true})", true) ==
        "<Patient xmlns=\"http://hl7.org/fhir\">\n  <active value=\"true\"/>\n</Patient>");
}

TEST_CASE("XML: what has no XML form is refused with the member that has none") {
  CHECK(to_xml(R"({"resourceType":"Patient","colour":"red"})") == "error at colour");
  CHECK(to_xml(R"({"resourceType":"Patient","active":{}})") == "error at active");
  CHECK(to_xml(R"({"resourceType":"Patient","name":["An"]})") == "error at ");
  CHECK(to_xml(R"({"resourceType":"Patient","active":true,"active":false})") == "error at active");
  CHECK(to_xml(R"({"resourceType":"Patient","text":{"status":"generated","div":"<div>"}})") ==
        "error at div");
  CHECK(to_xml(R"({"resourceType":"Patient","id":"\u0001"})") == "error at id");
  CHECK(to_xml(R"({"id":"1"})") == "error at ");
}

TEST_CASE("XML: prefixes, comments, declarations and single quotes are understood") {
  CHECK(to_json("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a --><f:Patient "
                "xmlns:f='http://hl7.org/fhir'>"
                "<!-- b -->\n <f:id value = 'x' /></f:Patient> <!-- c -->") ==
        R"({"resourceType":"Patient","id":"x"})");
  CHECK(to_json(patient("<id value=\"a\r\nb&#10;c&#x1F600;\"/>")) ==
        "{\"resourceType\":\"Patient\",\"id\":\"a b\\nc\xF0\x9F\x98\x80\"}");
}

TEST_CASE("XML: values that do not fit and unknown elements are kept for the validator") {
  CHECK(to_json(patient("<active value=\"yes\"/><multipleBirthInteger value=\"+2\"/>")) ==
        R"({"resourceType":"Patient","active":"yes","multipleBirthInteger":"+2"})");
  CHECK(to_json(patient("<colour value=\"red\"/><shape><side value=\"1\"/></shape><birthDate/>")) ==
        R"({"resourceType":"Patient","colour":"red","shape":{"side":"1"},"_birthDate":{}})");
  CHECK(to_json(patient("<active value=\"true\"/><active value=\"false\"/>")) ==
        R"({"resourceType":"Patient","active":[true,false]})");
}

TEST_CASE("XML: positions are those of the element and of its value") {
  const std::string xml = patient("\n <active value=\"true\"/>");
  Document document;
  REQUIRE(fhir::read_xml(xml, fhir::Definitions::r4(), document).has_value());
  const fhir::Node* active = document.root().find(fhir::atoms::kActive);
  REQUIRE(active != nullptr);
  CHECK(active->name_position() == xml.find("<active"));
  CHECK(active->value_position() == xml.find("true"));
  CHECK(document.is_xml());
}

TEST_CASE("XML: texts that are no FHIR XML are refused with their kind") {
  CHECK(error_of("") == ReadErrorKind::Empty);
  CHECK(error_of("<!DOCTYPE x [<!ENTITY a \"b\">]><Patient xmlns=\"http://hl7.org/fhir\"/>") ==
        ReadErrorKind::XmlDoctype);
  CHECK(error_of("<Patient/>") == ReadErrorKind::XmlNamespace);
  CHECK(error_of("<Patient xmlns=\"http://hl7.org/fhir\">") == ReadErrorKind::UnexpectedEnd);
  CHECK(error_of("<Nothing xmlns=\"http://hl7.org/fhir\"/>") == ReadErrorKind::XmlUnknownRoot);
  CHECK(error_of("<HumanName xmlns=\"http://hl7.org/fhir\"/>") == ReadErrorKind::XmlUnknownRoot);
  CHECK(error_of(patient("text")) == ReadErrorKind::XmlText);
  CHECK(error_of(patient("<![CDATA[x]]>")) == ReadErrorKind::XmlText);
  CHECK(error_of(patient("<id value=\"1\"></name>")) == ReadErrorKind::XmlMismatchedTag);
  CHECK(error_of(patient("<id value=\"&nbsp;\"/>")) == ReadErrorKind::XmlEntity);
  CHECK(error_of(patient("<id value=\"&#0;\"/>")) == ReadErrorKind::XmlEntity);
  CHECK(error_of(patient("<id value=\"1\" value=\"2\"/>")) == ReadErrorKind::XmlSyntax);
  CHECK(error_of(patient("<id value=1/>")) == ReadErrorKind::XmlSyntax);
  CHECK(error_of(patient("<id value=\"<\"/>")) == ReadErrorKind::XmlSyntax);
  CHECK(error_of(patient("<id colour=\"1\"/>")) == ReadErrorKind::XmlElement);
  CHECK(error_of(patient("<name value=\"1\"/>")) == ReadErrorKind::XmlElement);
  CHECK(error_of(patient("<name url=\"1\"/>")) == ReadErrorKind::XmlElement);
  CHECK(error_of(patient("<contained><HumanName/></contained>")) == ReadErrorKind::XmlElement);
  CHECK(error_of(patient("<active value=\"true\"/><id value=\"1\"/>")) == ReadErrorKind::XmlOrder);
  CHECK(error_of(patient("<id value=\"\xFF\"/>")) == ReadErrorKind::InvalidUtf8);
  CHECK(error_of("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + patient("")) ==
        ReadErrorKind::InvalidUtf8);
  CHECK(error_of(patient("") + patient("")) == ReadErrorKind::TrailingContent);
  CHECK(error_of(patient("<text><div xmlns=\"http://www.w3.org/1999/xhtml\"><b></i></div></text>")) ==
        ReadErrorKind::XmlMismatchedTag);
}

TEST_CASE("XML: limits on depth and values are errors that name them") {
  std::string deep;
  for (int i = 0; i < 2000; ++i) deep += "<extension>";
  CHECK(error_of(patient(deep)) == ReadErrorKind::TooDeep);
  fhir::ReadLimits limits;
  limits.nodes = 3;
  CHECK(error_of(patient("<id value=\"1\"/><active value=\"true\"/><birthDate value=\"1\"/>"), limits) ==
        ReadErrorKind::TooManyNodes);
  limits.nodes = 4;
  CHECK(error_of(patient("<extension url=\"a\"/><extension url=\"b\"/>"), limits) ==
        ReadErrorKind::TooManyNodes);
}

TEST_CASE("XML: content is told from JSON by its first character") {
  CHECK(fhir::looks_like_xml(" \n<Patient"));
  CHECK(fhir::looks_like_xml("\xEF\xBB\xBF<Patient"));
  CHECK_FALSE(fhir::looks_like_xml("{\"a\":\"<\"}"));
  CHECK_FALSE(fhir::looks_like_xml(""));
}
