#pragma once
// The functions of FHIRPath and FHIR's additions: names and arguments.

#include <cstdint>
#include <string_view>

namespace fhir::path {

enum class Function : std::uint8_t {
  // existence
  Empty,
  Exists,
  All,
  AllTrue,
  AnyTrue,
  AllFalse,
  AnyFalse,
  SubsetOf,
  SupersetOf,
  Count,
  Distinct,
  IsDistinct,
  // filtering, projection, subsetting, combining
  Where,
  Select,
  Repeat,
  OfType,
  Single,
  First,
  Last,
  Tail,
  Skip,
  Take,
  Intersect,
  Exclude,
  Union,
  Combine,
  Coalesce,
  Sort,
  // conversion
  Iif,
  ToBoolean,
  ConvertsToBoolean,
  ToInteger,
  ConvertsToInteger,
  ToDate,
  ConvertsToDate,
  ToDateTime,
  ConvertsToDateTime,
  ToTime,
  ConvertsToTime,
  ToDecimal,
  ConvertsToDecimal,
  ToQuantity,
  ConvertsToQuantity,
  ToString,
  ConvertsToString,
  // strings
  IndexOf,
  LastIndexOf,
  Substring,
  StartsWith,
  EndsWith,
  Contains,
  Upper,
  Lower,
  Replace,
  Matches,
  MatchesFull,
  ReplaceMatches,
  Length,
  ToChars,
  Encode,
  Decode,
  Escape,
  Unescape,
  Trim,
  Split,
  Join,
  // numbers
  Abs,
  Ceiling,
  Exp,
  Floor,
  Ln,
  Log,
  Power,
  Round,
  Sqrt,
  Truncate,
  // tree, utility, types
  Children,
  Descendants,
  Trace,
  Now,
  TimeOfDay,
  Today,
  DefineVariable,
  LowBoundary,
  HighBoundary,
  Precision,
  Comparable,
  Not,
  As,
  Is,
  Type,
  // aggregates
  Aggregate,
  Sum,
  Min,
  Max,
  Avg,
  // FHIR
  Extension,
  HasValue,
  GetValue,
  Resolve,
  ConformsTo,
  MemberOf,
  HtmlChecks,
  CheckModifiers,
};

// What the arguments are: evaluated once against the outer $this (Value), once an item with $this = the item
// (Lambda), or the name of a type (TypeName).
enum class ArgumentKind : std::uint8_t { Value, Lambda, TypeName };

// What the input must be.
enum class InputKind : std::uint8_t {
  Collection,  // anything
  String,      // at most one string
  Number,      // at most one number (or quantity for some)
  Single,      // at most one item of any type
};

// What the result is, as far as it does not depend on the input.
enum class ResultKind : std::uint8_t {
  Same,
  Unknown,
  Boolean,
  Integer,
  String,
  Decimal,
  Date,
  DateTime,
  Time,
  Quantity
};

struct FunctionInfo {
  std::string_view name;
  Function function;
  std::uint8_t min_arguments;
  std::uint8_t max_arguments;
  ArgumentKind arguments;
  InputKind input;
  ResultKind result;
  bool needs_order;  // the answer depends on the order of the input
};

// By name; null when there is none. Constant data, any thread.
const FunctionInfo* find_function(std::string_view name);
const FunctionInfo& function_info(Function function);

// The name most like `name`, empty when none is near.
std::string_view nearest_function(std::string_view name);

}  // namespace fhir::path
