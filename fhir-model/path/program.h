#pragma once
// A compiled FHIRPath expression.

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/path/error.h"

namespace fhir::path {

struct ProgramData;

// How to read an expression.
struct CompileOptions {
  // The type of the input, for checks at compile time; kNoType: not known.
  TypeId context = kNoType;
  // Names that the context's type cannot have and operands of impossible types are semantic errors; else they
  // are empty. Needs `context`.
  bool strict = false;
  // With `strict`: functions that depend on order must not follow ones that give none (children() …).
  bool check_order = false;
  // `as` on several items picks those of the type, like ofType(), instead of an error. The invariants and
  // search parameters of R4 are written that way.
  bool as_filters = false;
  // Names of environment variables (without "%") that the caller will supply, besides those of FHIR.
  std::vector<std::string_view> variables = {};
  std::size_t max_length = 64 * 1024;  // bytes of the expression
  std::size_t max_depth = 200;         // nesting of operations within one another, long chains included
};

// Immutable; any number of threads may evaluate it at once. Keeps no reference to the expression's text.
// Name look-up, literals, functions, types and literal regular expressions are settled at compile time.
class Program {
 public:
  static Expected<Program> compile(const Definitions& definitions, std::string_view expression,
                                   const CompileOptions& options = {});

  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  ~Program();

  std::string_view expression() const;
  const Definitions& definitions() const;
  const ProgramData& data() const { return *data_; }  // for the evaluator

 private:
  explicit Program(std::unique_ptr<const ProgramData> data);
  std::unique_ptr<const ProgramData> data_;
};

}  // namespace fhir::path
