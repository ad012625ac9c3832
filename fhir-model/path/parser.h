#pragma once
// FHIRPath text → steps.

#include <memory>
#include <string_view>

#include "fhir-model/path/lexer.h"
#include "fhir-model/path/program_data.h"

namespace fhir::path {

// One expression's parse. Recursion is bounded by CompileOptions::max_depth.
class Parser {
 public:
  Parser(const Definitions& definitions, std::string_view text, const CompileOptions& options);
  // To be called once.
  Expected<std::unique_ptr<ProgramData>> parse();

 private:
  using StepResult = Expected<std::uint32_t>;  // index of the step

  StepResult expression(int level);
  StepResult binary(std::uint32_t left, int level, Op op);
  StepResult type_operation(std::uint32_t left, Op op);
  StepResult unary();
  StepResult postfix();
  StepResult term();
  StepResult invocation(std::uint32_t focus);
  StepResult identifier(const Token& name, std::uint32_t focus);
  StepResult call(const Token& name, std::uint32_t focus);
  Expected<void> arguments(const FunctionInfo& info, Step& step);
  Expected<std::uint32_t> argument(const FunctionInfo& info);
  Expected<void> prepare_call(const FunctionInfo& info, Step& step);
  StepResult number();
  StepResult temporal();
  StepResult constant();
  StepResult variable();
  Expected<TypeName> type_name();

  StepResult add(Step step);
  StepResult add_literal(Value value, std::uint32_t offset);
  std::uint32_t add_name(std::string_view name);
  bool is_known_constant(std::string_view name) const;
  int height_of(std::uint32_t step) const { return step == kNoStep ? 0 : heights_[step]; }

  Expected<void> advance();
  Expected<void> expect(std::string_view symbol);
  tl::unexpected<ExpressionError> fail(ExpressionError::Kind kind, std::uint32_t offset,
                                       std::string message) const;
  tl::unexpected<ExpressionError> fail_here(std::string_view expected) const;

  const CompileOptions& options_;
  Lexer lexer_;
  Token token_;
  std::unique_ptr<ProgramData> program_;
  std::vector<int> heights_;
  std::vector<std::string> defined_;  // names of defineVariable() so far
  std::size_t depth_ = 0;
};

}  // namespace fhir::path
