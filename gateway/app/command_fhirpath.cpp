// lienthong fhirpath: evaluates an expression on a resource.

#include <fmt/format.h>

#include <cstdio>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/document/xml_reader.h"
#include "fhir-model/path/evaluator.h"
#include "fhir-model/path/render.h"
#include "gateway/app/commands.h"
#include "gateway/app/file.h"

namespace lienthong::app {
namespace {

int say_expression(const fhir::path::ExpressionError& error) {
  std::fputs(fmt::format("lienthong: {}:{}: {}\n", error.line, error.column, error.message).c_str(), stderr);
  return kInputRefused;
}

// The resource and the bytes it points into. False when it cannot be read, which has been said.
struct Resource {
  std::string bytes;
  fhir::Document document;

  bool read(const Invocation& call, const std::string& file) {
    auto content = read_file(file);
    if (!content) return call.say(content.error()), false;
    bytes = std::move(*content);
    const auto size = bytes.size();
    bytes.append(fhir::kPadding, '\0');
    const std::string_view text(bytes.data(), size);
    // A tool that only looks takes XML whose elements stand out of order.
    const auto done = fhir::looks_like_xml(text)
                          ? fhir::read_xml(text, fhir::Definitions::r4(), document, {}, fhir::XmlOrder::Any)
                          : fhir::read_json(text, document);
    if (done) return true;
    const auto& error = done.error();
    std::fputs(fmt::format("{}:{}:{}: {}\n", file, error.line, error.column, error.message).c_str(), stderr);
    return false;
  }
};

int run(const Invocation& call) {
  const auto& r4 = fhir::Definitions::r4();
  Resource resource;
  fhir::path::EvaluationInput input;
  input.has_context = call.arguments.size() > 1;
  if (input.has_context) {
    if (!resource.read(call, call.arguments[1])) return kInputRefused;
    input.context = fhir::path::root_value(r4, resource.document);
  }
  const auto program = fhir::path::Program::compile(r4, call.arguments[0]);
  if (!program) return say_expression(program.error());
  fhir::path::Evaluator evaluator;
  const auto results = evaluator.evaluate(*program, input);
  if (!results) return say_expression(results.error());
  std::string line;
  fhir::path::render_json(r4, *results, line);
  std::puts(line.c_str());
  return kAllDone;
}

}  // namespace

Command fhirpath_command() {
  return {"fhirpath",
          "EXPRESSION [FILE]",
          1,
          2,
          {"evaluates a FHIRPath expression on a resource (JSON or XML)",
           "tính một biểu thức FHIRPath trên một tài nguyên (JSON hoặc XML)"},
          "lienthong fhirpath \"name.where(use = 'official').given\" patient.json",
          {},
          run};
}

}  // namespace lienthong::app
