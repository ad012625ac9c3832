// Compiles and evaluates expressions on a small resource; limits must hold whatever the expression is.
#include <cstdint>
#include <string>
#include <string_view>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/path/evaluator.h"
#include "fhir-model/path/render.h"

namespace {

constexpr std::string_view kResource = R"({"resourceType":"Observation","id":"o","status":"final",
  "contained":[{"resourceType":"Patient","id":"p","name":[{"given":["An",null],"_given":[null,{"id":"g"}]}]}],
  "code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},"subject":{"reference":"#p"},
  "effectiveDateTime":"2024-02-29T08:00:00+07:00","valueQuantity":{"value":1.50,"code":"kg"}})";

struct Fixture {
  Fixture() : text(kResource) {
    text.append(fhir::kPadding, '\0');
    loaded = fhir::read_json({text.data(), kResource.size()}, document).has_value();
    limits.steps = 20'000;
    limits.items = 10'000;
    limits.memory = 1 << 20;
  }
  std::string text;
  fhir::Document document;
  fhir::path::EvaluationLimits limits;
  bool loaded = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Fixture fixture;
  if (!fixture.loaded) __builtin_trap();
  const fhir::Definitions& r4 = fhir::Definitions::r4();
  fhir::path::EvaluationInput input;
  input.context = fhir::path::root_value(r4, fixture.document);
  fhir::path::CompileOptions options;
  options.max_length = 4096;
  options.strict = size % 2 == 0;
  options.context = input.context.type;
  const std::string expression(reinterpret_cast<const char*>(data), size);
  const auto program = fhir::path::Program::compile(r4, expression, options);
  if (!program) {
    if (program.error().offset > size || program.error().message.empty()) __builtin_trap();
    return 0;
  }
  fhir::path::Evaluator evaluator(fixture.limits);
  std::string out;
  if (const auto result = evaluator.evaluate(*program, input)) fhir::path::render_json(r4, *result, out);
  static_cast<void>(evaluator.evaluate_boolean(*program, input));
  return 0;
}
