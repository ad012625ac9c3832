#pragma once
// The inside of a Program: a flat array of steps. Shared by parser, checker and evaluator only.

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/path/function_table.h"
#include "fhir-model/path/program.h"
#include "fhir-model/path/value.h"

namespace re2 {
class RE2;
}

namespace fhir::path {

enum class Op : std::uint8_t {
  Literal,
  EmptySet,
  This,
  Index,
  Total,
  Variable,
  TypeRoot,  // a type's name at the start of a path
  Member,
  Item,
  Call,
  Is,
  As,
  Negate,
  Positive,
  Multiply,
  Divide,
  Div,
  Mod,
  Add,
  Subtract,
  Concatenate,
  Union,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  Equal,
  NotEqual,
  Equivalent,
  NotEquivalent,
  In,
  Contains,
  And,
  Or,
  Xor,
  Implies,
};

inline constexpr std::uint32_t kNoStep = 0xFFFFFFFF;

// System types; also what FHIR primitives convert to.
enum class SystemType : std::uint8_t {
  None,
  Boolean,
  String,
  Integer,
  Decimal,
  Date,
  DateTime,
  Time,
  Quantity
};

// A type as an expression names it. An unqualified "Quantity" is both FHIR's and the system's.
struct TypeName {
  TypeId fhir = kNoType;
  SystemType system = SystemType::None;
};

// A choice element of a type: Observation.value.
struct ChoiceElement {
  TypeId type;
  const Element* element;
};

// One step. `focus` is the step whose result it works on: kNoStep means $this. Binary operators have their
// operands in focus and argument 0.
struct Step {
  Op op = Op::EmptySet;
  Function function = Function::Empty;
  std::uint8_t argument_count = 0;
  bool descending = false;  // key of sort()
  Atom atom = kNoAtom;      // Member
  TypeName type = {};       // Is, As, OfType, TypeRoot
  std::uint32_t focus = kNoStep;
  std::uint32_t first_argument = 0;  // in ProgramData::arguments
  std::uint32_t data = 0;    // Literal: literals; Member, Variable: names; regular expressions + 1 of Call
  std::uint32_t offset = 0;  // in the expression
  std::span<const ChoiceElement> choices = {};  // Member: sorted by type
};

struct ProgramData {
  ProgramData();
  ~ProgramData();

  const Definitions* definitions = nullptr;
  std::string expression;
  bool as_filters = false;
  std::uint32_t root = kNoStep;
  std::vector<Step> steps;
  std::vector<std::uint32_t> arguments;
  std::vector<Value> literals;
  std::vector<std::string> names;
  std::vector<std::shared_ptr<const re2::RE2>> patterns;
  // Where literals live.
  std::deque<std::string> texts;
  std::deque<Decimal> decimals;
  std::deque<Temporal> temporals;
  std::deque<QuantityValue> quantities;

  std::uint32_t argument(const Step& step, std::size_t index) const {
    return arguments[step.first_argument + index];
  }
};

// What FHIR primitives convert to implicitly (R4 fhirpath.html "FHIR types and FHIRPath types"): None for
// types that are no primitives, Quantity for Quantity and its kin.
SystemType system_type_of(TypeId type);
SystemType system_type_named(std::string_view name);
std::string_view system_type_name(SystemType type);

// All choice elements called `name` ("value"), sorted by type.
std::span<const ChoiceElement> choice_elements(std::string_view name);

// A compiled regular expression; whether it could be compiled, its ok() says. Linear time in the text (RE2).
// Equal patterns in use are compiled once: many of R4's invariants share one that is costly. Any thread.
std::shared_ptr<const re2::RE2> compile_pattern(std::string_view pattern, std::string_view flags);

// Checks what the definitions can tell; see CompileOptions::strict.
Expected<void> check_types(const ProgramData& program, const CompileOptions& options);

}  // namespace fhir::path
