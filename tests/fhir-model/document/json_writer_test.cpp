#include "fhir-model/document/json_writer.h"

#include <catch2/catch.hpp>
#include <string>

#include "fhir-model/document/builder.h"
#include "fhir-model/document/json_reader.h"

TEST_CASE("builder: built documents read and print like those read from text") {
  fhir::Document document;
  fhir::DocumentBuilder build(document);
  build.begin_object();
  build.key("resourceType");
  build.string("Patient");
  build.key("_birthDate");
  build.begin_object();
  build.key("id");
  build.string("b");
  build.end_object();
  build.key("multipleBirthInteger");
  build.number("2");
  build.key("active");
  build.boolean(true);
  build.key("given");
  build.begin_array();
  build.null();
  build.string("An");
  build.end_array();
  build.key("empty");
  build.begin_array();
  build.end_array();
  build.end_object();
  build.finish();

  std::string compact;
  fhir::write_json(document.root(), compact);
  CHECK(compact ==
        R"({"resourceType":"Patient","_birthDate":{"id":"b"},"multipleBirthInteger":2,"active":true,)"
        R"("given":[null,"An"],"empty":[]})");
  CHECK(document.root().resource_type() == "Patient");
  CHECK_FALSE(document.root().has_position());
  REQUIRE(document.root().find_underscored(fhir::find_atom("birthDate")) != nullptr);

  std::string pretty;
  fhir::write_json(document.root(), pretty, {true});
  CHECK(pretty ==
        "{\n  \"resourceType\": \"Patient\",\n  \"_birthDate\": {\n    \"id\": \"b\"\n  },\n"
        "  \"multipleBirthInteger\": 2,\n  \"active\": true,\n  \"given\": [\n    null,\n    \"An\"\n  ],\n"
        "  \"empty\": []\n}");
}

TEST_CASE("builder: a subtree of another document is copied with names and order") {
  std::string text = R"({"a":{"b":[1,[2,{"c":"x\ny"}],{}],"d":null},"e":false})";
  const std::size_t size = text.size();
  text.append(fhir::kPadding, '\0');
  fhir::Document source;
  REQUIRE(fhir::read_json({text.data(), size}, source).has_value());
  fhir::Document copy;
  fhir::DocumentBuilder build(copy);
  build.begin_array();
  build.copy(source.root());
  build.copy(*source.root().find("a"));
  build.end_array();
  build.finish();
  std::string out;
  fhir::write_json(copy.root(), out);
  CHECK(out ==
        R"([{"a":{"b":[1,[2,{"c":"x\ny"}],{}],"d":null},"e":false},{"b":[1,[2,{"c":"x\ny"}],{}],"d":null}])");
}
