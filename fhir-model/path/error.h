#pragma once
// Why an expression could not be compiled or evaluated.

#include <cstdint>
#include <string>
#include <tl/expected.hpp>

namespace fhir::path {

// One error; work stops at the first. `message` is a whole English sentence for the author of the expression
// and holds no data of the resource.
struct ExpressionError {
  enum class Kind : std::uint8_t {
    Syntax,     // the text is no FHIRPath expression
    Semantic,   // it cannot mean anything for the type it is used on (unknown element, wrong operand type)
    Execution,  // evaluation is defined to signal an error (several items where one is allowed …)
    Limit,      // a limit was reached; the message names it
  };
  Kind kind = Kind::Syntax;
  std::uint32_t offset = 0;  // bytes from the start of the expression
  std::uint32_t line = 1;    // 1-based
  std::uint32_t column = 1;  // 1-based, in bytes
  std::string message;
};

// A value or the reason why there is none.
template <class T>
using Expected = tl::expected<T, ExpressionError>;

}  // namespace fhir::path
