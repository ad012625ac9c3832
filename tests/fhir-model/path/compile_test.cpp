#include <catch2/catch.hpp>

#include "fhir-model/definitions/generated/type_ids.h"
#include "tests/fhir-model/path/evaluation.h"

using namespace fhir::path;
using fhir::Definitions;

namespace {

ExpressionError error_of(std::string_view expression, const CompileOptions& options = {}) {
  const auto program = Program::compile(Definitions::r4(), expression, options);
  REQUIRE_FALSE(program.has_value());
  return program.error();
}

CompileOptions strict(fhir::TypeId context) {
  CompileOptions options;
  options.strict = true;
  options.context = context;
  return options;
}

}  // namespace

TEST_CASE("a syntax error names its line and column") {
  const ExpressionError error = error_of("name.given\n  and and true");
  CHECK(error.kind == ExpressionError::Kind::Syntax);
  CHECK(error.line == 2);
  CHECK(error.column == 11);
  CHECK(error.offset == 21);
}

TEST_CASE("a mistyped function is answered with the nearest name") {
  CHECK(error_of("name.exist()").message.find("exists()") != std::string::npos);
}

TEST_CASE("functions refuse wrong numbers of arguments") {
  CHECK(error_of("name.where()").kind == ExpressionError::Kind::Semantic);
  CHECK(error_of("name.empty(1)").kind == ExpressionError::Kind::Semantic);
  CHECK(error_of("'a'.replace('b')").kind == ExpressionError::Kind::Semantic);
}

TEST_CASE("unknown environment variables and types are errors") {
  CHECK(error_of("%nothing").kind == ExpressionError::Kind::Semantic);
  CHECK(error_of("name is Human").kind == ExpressionError::Kind::Semantic);
  CompileOptions options;
  options.variables = {"nothing"};
  CHECK(Program::compile(Definitions::r4(), "%nothing", options).has_value());
}

TEST_CASE("a regular expression that RE2 cannot run is an error at compile time") {
  CHECK(error_of("'a'.matches('(a')").kind == ExpressionError::Kind::Semantic);
  CHECK(error_of("'a'.matches('(a)\\\\1')").kind == ExpressionError::Kind::Semantic);
}

TEST_CASE("deep nesting, long chains and long texts end with a named limit") {
  const std::string open(100'000, '('), dots = [] {
    std::string text = "a";
    for (int i = 0; i < 10'000; ++i) text += ".a";
    return text;
  }();
  CompileOptions roomy;
  roomy.max_length = 1 << 20;
  for (const std::string& text : {open, dots, std::string(100'000, '-') + "1"}) {
    const ExpressionError error = error_of(text, roomy);
    CHECK(error.kind == ExpressionError::Kind::Limit);
    CHECK(error.message.find("200") != std::string::npos);
  }
  CHECK(error_of(std::string(70'000, ' ')).message.find("65536") != std::string::npos);
  CHECK(error_of("1" + std::string(40, '0') + ".0").kind == ExpressionError::Kind::Limit);
}

TEST_CASE("strict mode finds names that the type cannot have") {
  CHECK(error_of("name.givn", strict(fhir::type_ids::kPatient)).kind == ExpressionError::Kind::Semantic);
  CHECK(error_of("Encounter.id", strict(fhir::type_ids::kPatient)).kind == ExpressionError::Kind::Semantic);
  CHECK(error_of("valueQuantity", strict(fhir::type_ids::kObservation)).kind ==
        ExpressionError::Kind::Semantic);
  CHECK(error_of("name.startsWith('a')", strict(fhir::type_ids::kPatient)).kind ==
        ExpressionError::Kind::Semantic);
  CHECK(Program::compile(Definitions::r4(), "contained.name.given1", strict(fhir::type_ids::kPatient))
            .has_value());
}

TEST_CASE("every invariant and search parameter of R4 compiles") {
  CompileOptions options;
  options.as_filters = true;
  const Definitions& r4 = Definitions::r4();
  int compiled = 0;
  const auto check = [&](std::string_view name, std::string_view expression) {
    if (expression.empty()) return;
    const auto program = Program::compile(r4, expression, options);
    INFO(name << ": " << (program ? "" : program.error().message));
    CHECK(program.has_value());
    ++compiled;
  };
  for (const auto& invariant : r4.invariants()) check(invariant.key, invariant.expression);
  for (const auto& parameter : r4.search_parameters()) check(parameter.code, parameter.expression);
  CHECK(compiled > 1500);
}

TEST_CASE("the invariants of types name only elements that exist, but for one of R4's own mistakes") {
  const Definitions& r4 = Definitions::r4();
  std::vector<std::string> failing;
  for (const auto& type : r4.types()) {
    for (const auto id : type.invariant_ids) {
      CompileOptions options = strict(type.id);
      options.as_filters = true;
      const auto program = Program::compile(r4, r4.invariants()[id].expression, options);
      if (!program) failing.emplace_back(r4.invariants()[id].key.view());
    }
  }
  CHECK(failing == std::vector<std::string>{"cid-0"});  // ChargeItemDefinition has no name
}
