#include "fhir-model/document/json_reader.h"

#include <catch2/catch.hpp>
#include <string>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/document/json_writer.h"

namespace {

using fhir::Document;
using fhir::ReadErrorKind;
using fhir::ReadLimits;

// Text with the zero bytes behind it that readers ask for.
class Padded {
 public:
  explicit Padded(std::string_view text) : size_(text.size()), bytes_(text) {
    bytes_.append(fhir::kPadding, '\0');
  }
  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::size_t size_;
  std::string bytes_;
};

ReadErrorKind error_of(std::string_view text, const ReadLimits& limits = {}) {
  const Padded padded(text);
  Document document;
  const auto result = fhir::read_json(padded.view(), document, limits);
  REQUIRE_FALSE(result.has_value());
  CHECK(document.empty());
  return result.error().kind;
}

std::string round_trip(std::string_view text) {
  const Padded padded(text);
  Document document;
  const auto result = fhir::read_json(padded.view(), document);
  if (!result) return "error: " + std::string(result.error().message);
  std::string out;
  fhir::write_json(document.root(), out);
  return out;
}

}  // namespace

TEST_CASE("JSON: members, order, atoms and positions of a small resource") {
  const Padded text(
      "{\n \"resourceType\": \"Patient\",\n \"birthDate\" : \"1970\", \"_birthDate\": {\"id\": \"b\"}, "
      "\"name\":[{\"given\":[\"An\", null]},7]}");
  Document document;
  REQUIRE(fhir::read_json(text.view(), document).has_value());
  const fhir::Node& root = document.root();
  CHECK(root.is_object());
  CHECK(root.child_count() == 4);
  CHECK(root.resource_type() == "Patient");
  CHECK(root.parent() == nullptr);
  const fhir::Node* birth = root.find(fhir::atoms::kBirthDate);
  REQUIRE(birth != nullptr);
  CHECK(birth->text() == "1970");
  CHECK(birth->name_position() == text.view().find("\"birthDate\""));
  CHECK(birth->value_position() == text.view().find("\"1970\""));
  const fhir::Node* sibling = root.find_underscored(fhir::atoms::kBirthDate);
  REQUIRE(sibling != nullptr);
  CHECK(sibling->json_name() == "_birthDate");
  CHECK(sibling->name() == "birthDate");
  CHECK(birth->counterpart() == sibling);
  CHECK(sibling->counterpart() == birth);
  CHECK(birth->primitive_extension() == sibling);
  const fhir::Node* name = root.find("name");
  REQUIRE(name != nullptr);
  REQUIRE(name->child_count() == 2);
  CHECK(name->span() == 6);
  CHECK(root.span() == document.node_count());
  std::vector<std::string> kinds;
  for (const fhir::Node& item : name->children()) kinds.emplace_back(item.text());
  CHECK(kinds == std::vector<std::string>{"", "7"});
  CHECK(name->children().begin()->parent() == name);
}

TEST_CASE("JSON: items of a primitive array find their extensions by index") {
  const Padded text(R"({"given":["a","b",null],"_given":[null,{"id":"x"},{"id":"y"}],"other":1})");
  Document document;
  REQUIRE(fhir::read_json(text.view(), document).has_value());
  std::vector<const fhir::Node*> found;
  for (const fhir::Node& item : document.root().find("given")->children())
    found.push_back(item.primitive_extension());
  REQUIRE(found.size() == 3);
  CHECK(found[0] == nullptr);
  CHECK(found[1]->member_text(fhir::atoms::kId) == "x");
  CHECK(found[2]->member_text(fhir::atoms::kId) == "y");
  CHECK(document.root().find("other")->primitive_extension() == nullptr);
}

TEST_CASE("JSON: numbers keep their text, escapes are undone, spacing goes") {
  CHECK(round_trip("[1.50, -0, 1e+10, 1.0E-2, 0.000, 123456789012345678901234567890.10]") ==
        "[1.50,-0,1e+10,1.0E-2,0.000,123456789012345678901234567890.10]");
  CHECK(round_trip(R"(["a\/b\u0041\u00e9\ud83d\ude00\"\\\b\f\n\r\t\u001f"])") ==
        "[\"a/bA\xC3\xA9\xF0\x9F\x98\x80\\\"\\\\\\b\\f\\n\\r\\t\\u001f\"]");
  CHECK(round_trip(" \r\n\t{ } ") == "{}");
  CHECK(round_trip("\xEF\xBB\xBF[true , false,null,\"\",[],{}]") == "[true,false,null,\"\",[],{}]");
  CHECK(round_trip("{\"\\u0069d\":\"1\"}") == "{\"id\":\"1\"}");
  CHECK(round_trip("\"Nguy\xE1\xBB\x85n\"") == "\"Nguy\xE1\xBB\x85n\"");
}

TEST_CASE("JSON: an escaped member name has the atom of the name it stands for") {
  const Padded text("{\"\\u0069d\":\"1\",\"unknownName\":2}");
  Document document;
  REQUIRE(fhir::read_json(text.view(), document).has_value());
  REQUIRE(document.root().find(fhir::atoms::kId) != nullptr);
  CHECK(document.root().find("unknownName")->atom() == fhir::kNoAtom);
}

TEST_CASE("JSON: texts that are no JSON are refused with their kind") {
  CHECK(error_of("") == ReadErrorKind::Empty);
  CHECK(error_of("  \n ") == ReadErrorKind::Empty);
  CHECK(error_of("{") == ReadErrorKind::UnexpectedEnd);
  CHECK(error_of("{\"a\"") == ReadErrorKind::UnexpectedEnd);
  CHECK(error_of("{\"a\":") == ReadErrorKind::UnexpectedEnd);
  CHECK(error_of("[1") == ReadErrorKind::UnexpectedEnd);
  CHECK(error_of("\"abc") == ReadErrorKind::UnexpectedEnd);
  CHECK(error_of("\"abc\\") == ReadErrorKind::UnexpectedEnd);
  CHECK(error_of("[1,]") == ReadErrorKind::UnexpectedCharacter);
  CHECK(error_of("{\"a\":1,}") == ReadErrorKind::UnexpectedCharacter);
  CHECK(error_of("{a:1}") == ReadErrorKind::UnexpectedCharacter);
  CHECK(error_of("[1 2]") == ReadErrorKind::UnexpectedCharacter);
  CHECK(error_of("[1}") == ReadErrorKind::UnexpectedCharacter);
  CHECK(error_of("[NaN]") == ReadErrorKind::UnexpectedCharacter);
  CHECK(error_of("[1] 2") == ReadErrorKind::TrailingContent);
  CHECK(error_of("[01]") == ReadErrorKind::InvalidNumber);
  CHECK(error_of("[1.]") == ReadErrorKind::InvalidNumber);
  CHECK(error_of("[.5]") == ReadErrorKind::InvalidNumber);
  CHECK(error_of("[+1]") == ReadErrorKind::InvalidNumber);
  CHECK(error_of("[1e]") == ReadErrorKind::InvalidNumber);
  CHECK(error_of("[-]") == ReadErrorKind::InvalidNumber);
  CHECK(error_of("[nul]") == ReadErrorKind::InvalidLiteral);
  CHECK(error_of("[\"\\x\"]") == ReadErrorKind::InvalidEscape);
  CHECK(error_of("[\"\\u12g4\"]") == ReadErrorKind::InvalidEscape);
  CHECK(error_of("[\"\\u12\"]") == ReadErrorKind::InvalidEscape);
  CHECK(error_of("[\"\\ud800\"]") == ReadErrorKind::LoneSurrogate);
  CHECK(error_of("[\"\\ud800\\u0041\"]") == ReadErrorKind::LoneSurrogate);
  CHECK(error_of("[\"\\udc00\"]") == ReadErrorKind::LoneSurrogate);
  CHECK(error_of("[\"a\nb\"]") == ReadErrorKind::ControlCharacter);
  CHECK(error_of(std::string_view("[\"a\0b\"]", 7)) == ReadErrorKind::ControlCharacter);
  CHECK(error_of(std::string_view("[\0]", 3)) == ReadErrorKind::UnexpectedCharacter);
  CHECK(error_of("[\"\xC0\xAF\"]") == ReadErrorKind::InvalidUtf8);
  CHECK(error_of("[\"\xED\xA0\x80\"]") == ReadErrorKind::InvalidUtf8);
  CHECK(error_of("[\"0123456789abcdef\xFF\"]") == ReadErrorKind::InvalidUtf8);
  CHECK(error_of("[\"\xE1\xBB\"]") == ReadErrorKind::InvalidUtf8);
}

TEST_CASE("JSON: errors name line, column and offset") {
  const Padded text("{\n  \"a\": 1,\n  \"b\": tru\n}");
  Document document;
  const auto result = fhir::read_json(text.view(), document);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().line == 3);
  CHECK(result.error().column == 8);
  CHECK(result.error().offset == text.view().find("tru"));
  CHECK_FALSE(result.error().message.empty());
}

TEST_CASE("JSON: limits on bytes, depth and values are errors that name them") {
  ReadLimits limits;
  limits.depth = 3;
  limits.nodes = 6;
  limits.bytes = 40;
  CHECK(error_of("[[[[1]]]]", limits) == ReadErrorKind::TooDeep);
  CHECK(error_of("[1,2,3,4,5,6]", limits) == ReadErrorKind::TooManyNodes);
  CHECK(error_of(std::string(41, ' '), limits) == ReadErrorKind::TooLarge);
  const Padded good("[[[1]],2,3]");
  Document document;
  CHECK(fhir::read_json(good.view(), document, limits).has_value());
  const Padded deep(std::string(100000, '['));
  const auto result = fhir::read_json(deep.view(), document);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().kind == ReadErrorKind::TooDeep);
  CHECK(result.error().limit == 500);
  CHECK(result.error().offset == 500);
}

TEST_CASE("JSON: later members of the same name are marked, in small objects and in large ones") {
  std::string text = R"({"id":"1","Id":2,"x":{"id":3},"_id":{},"id":4,"foo":5,"oof":6,"foo":7)";
  const bool large = GENERATE(false, true);
  if (large) {
    for (int i = 0; i < 200; ++i) text += ",\"m" + std::to_string(i) + "\":0";
    text += ",\"m17\":0";
  }
  const Padded padded(text + "}");
  Document document;
  REQUIRE(fhir::read_json(padded.view(), document).has_value());
  std::vector<std::string> marked;
  for (const fhir::Node& member : document.root().children()) {
    if (member.is_duplicate())
      marked.push_back(std::string(member.name()) + "=" + std::string(member.text()));
  }
  std::vector<std::string> expected{"id=4", "foo=7"};
  if (large) expected.emplace_back("m17=0");
  CHECK(marked == expected);
}

TEST_CASE("JSON: a document is reused without keeping anything of the one before") {
  Document document;
  const Padded first(R"({"a":"\u0041\u0042","b":[1,2,3]})");
  const Padded second("7");
  REQUIRE(fhir::read_json(first.view(), document).has_value());
  const std::size_t memory = document.memory();
  REQUIRE(fhir::read_json(second.view(), document).has_value());
  CHECK(document.node_count() == 1);
  CHECK(document.root().text() == "7");
  REQUIRE(fhir::read_json(first.view(), document).has_value());
  CHECK(document.root().find("a")->text() == "AB");
  CHECK(document.memory() == memory);
  Document moved = std::move(document);
  CHECK(moved.root().find("a")->text() == "AB");
}
