#pragma once
// The two small texts inside a mapping's YAML: value expressions ("PID-5.1", "first-word(HO_TEN)", "= final")
// and conditions ("OBX-2 in (NM, SN) and not repeats(OBX-5)"). Grammar: mappings/README.md.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lienthong::convert {

struct Expression {
  enum class Kind : std::uint8_t { Path, Literal, Parameter, Call };
  Kind kind = Kind::Path;
  std::string text;  // the path, literal, parameter's name (without "$") or function's name
  std::vector<Expression> arguments;
};

struct Condition {
  enum class Kind : std::uint8_t { Valued, Equals, In, Call, Not, And, Or };
  Kind kind = Kind::Valued;
  std::string path;                 // Valued, Equals, In; the argument of Call
  std::string function;             // Call: "repeats", "is-number", "is-time", "made", "in-table"
  std::vector<std::string> values;  // Equals: one; In: some; Call: further arguments
  std::vector<Condition> parts;     // Not: one; And, Or: two or more
};

struct SyntaxError {
  std::size_t offset = 0;  // in the text
  std::string message;
};

// Neither recurses deeper than kMaxNesting.
inline constexpr unsigned kMaxNesting = 20;
std::variant<Expression, SyntaxError> parse_expression(std::string_view text);
std::variant<Condition, SyntaxError> parse_condition(std::string_view text);

}  // namespace lienthong::convert
