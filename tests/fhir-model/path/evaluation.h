#pragma once
// Evaluates expressions on a small resource written in a test.

#include <memory>
#include <string>
#include <string_view>

#include "fhir-model/document/json_reader.h"
#include "fhir-model/path/evaluator.h"
#include "fhir-model/path/render.h"

namespace fhir::path::test {

// A document with the padding that the reader needs.
class Resource {
 public:
  explicit Resource(std::string_view json) : text_(json), size_(json.size()) {
    text_.append(kPadding, '\0');
    loaded_ = read_json({text_.data(), size_}, document_).has_value();
  }
  bool loaded() const { return loaded_; }
  Value root() const { return root_value(Definitions::r4(), document_); }

 private:
  std::string text_;
  std::size_t size_;
  Document document_;
  bool loaded_ = false;
};

inline CompileOptions lenient() {
  CompileOptions options;
  options.as_filters = true;
  return options;
}

// The result as the command line prints it, or "kind: message" of the error.
inline std::string evaluated(std::string_view expression, const EvaluationInput& input,
                             const CompileOptions& options = {}, const EvaluationLimits& limits = {}) {
  const auto text_of = [](const ExpressionError& error) {
    constexpr std::string_view kKinds[] = {"syntax", "semantic", "execution", "limit"};
    return std::string(kKinds[static_cast<int>(error.kind)]) + ": " + error.message;
  };
  const auto program = Program::compile(Definitions::r4(), expression, options);
  if (!program) return text_of(program.error());
  Evaluator evaluator(limits);
  const auto result = evaluator.evaluate(*program, input);
  if (!result) return text_of(result.error());
  std::string out;
  render_json(Definitions::r4(), *result, out);
  return out;
}

inline std::string evaluated(std::string_view expression) {
  EvaluationInput input;
  input.has_context = false;
  return evaluated(expression, input);
}

inline std::string on(const Resource& resource, std::string_view expression,
                      const CompileOptions& options = {}) {
  EvaluationInput input;
  input.context = resource.root();
  return evaluated(expression, input, options);
}

inline const std::string kTrue = R"([{"type":"boolean","value":true}])";
inline const std::string kFalse = R"([{"type":"boolean","value":false}])";

}  // namespace fhir::path::test
