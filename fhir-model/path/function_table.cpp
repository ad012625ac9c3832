#include "fhir-model/path/function_table.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace fhir::path {
namespace {

// In the order of the enumeration.
// clang-format off
constexpr FunctionInfo kFunctions[] = {
    {"empty", Function::Empty, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Boolean, false},
    {"exists", Function::Exists, 0, 1, ArgumentKind::Lambda, InputKind::Collection, ResultKind::Boolean, false},
    {"all", Function::All, 1, 1, ArgumentKind::Lambda, InputKind::Collection, ResultKind::Boolean, false},
    {"allTrue", Function::AllTrue, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Boolean, false},
    {"anyTrue", Function::AnyTrue, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Boolean, false},
    {"allFalse", Function::AllFalse, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Boolean, false},
    {"anyFalse", Function::AnyFalse, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Boolean, false},
    {"subsetOf", Function::SubsetOf, 1, 1, ArgumentKind::Value, InputKind::Collection, ResultKind::Boolean, false},
    {"supersetOf", Function::SupersetOf, 1, 1, ArgumentKind::Value, InputKind::Collection, ResultKind::Boolean, false},
    {"count", Function::Count, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Integer, false},
    {"distinct", Function::Distinct, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Same, false},
    {"isDistinct", Function::IsDistinct, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Boolean, false},
    {"where", Function::Where, 1, 1, ArgumentKind::Lambda, InputKind::Collection, ResultKind::Same, false},
    {"select", Function::Select, 1, 1, ArgumentKind::Lambda, InputKind::Collection, ResultKind::Unknown, false},
    {"repeat", Function::Repeat, 1, 1, ArgumentKind::Lambda, InputKind::Collection, ResultKind::Unknown, false},
    {"ofType", Function::OfType, 1, 1, ArgumentKind::TypeName, InputKind::Collection, ResultKind::Unknown, false},
    {"single", Function::Single, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Same, false},
    {"first", Function::First, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Same, true},
    {"last", Function::Last, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Same, true},
    {"tail", Function::Tail, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Same, true},
    {"skip", Function::Skip, 1, 1, ArgumentKind::Value, InputKind::Collection, ResultKind::Same, true},
    {"take", Function::Take, 1, 1, ArgumentKind::Value, InputKind::Collection, ResultKind::Same, true},
    {"intersect", Function::Intersect, 1, 1, ArgumentKind::Value, InputKind::Collection, ResultKind::Same, false},
    {"exclude", Function::Exclude, 1, 1, ArgumentKind::Value, InputKind::Collection, ResultKind::Same, false},
    {"union", Function::Union, 1, 1, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"combine", Function::Combine, 1, 1, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"coalesce", Function::Coalesce, 1, 255, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"sort", Function::Sort, 0, 16, ArgumentKind::Lambda, InputKind::Collection, ResultKind::Same, false},
    {"iif", Function::Iif, 2, 3, ArgumentKind::Lambda, InputKind::Collection, ResultKind::Unknown, false},
    {"toBoolean", Function::ToBoolean, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Boolean, false},
    {"convertsToBoolean", Function::ConvertsToBoolean, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Boolean, false},
    {"toInteger", Function::ToInteger, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Integer, false},
    {"convertsToInteger", Function::ConvertsToInteger, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Boolean, false},
    {"toDate", Function::ToDate, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Date, false},
    {"convertsToDate", Function::ConvertsToDate, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Boolean, false},
    {"toDateTime", Function::ToDateTime, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::DateTime, false},
    {"convertsToDateTime", Function::ConvertsToDateTime, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Boolean, false},
    {"toTime", Function::ToTime, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Time, false},
    {"convertsToTime", Function::ConvertsToTime, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Boolean, false},
    {"toDecimal", Function::ToDecimal, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Decimal, false},
    {"convertsToDecimal", Function::ConvertsToDecimal, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Boolean, false},
    {"toQuantity", Function::ToQuantity, 0, 1, ArgumentKind::Value, InputKind::Single, ResultKind::Quantity, false},
    {"convertsToQuantity", Function::ConvertsToQuantity, 0, 1, ArgumentKind::Value, InputKind::Single, ResultKind::Boolean, false},
    {"toString", Function::ToString, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::String, false},
    {"convertsToString", Function::ConvertsToString, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Boolean, false},
    {"indexOf", Function::IndexOf, 1, 1, ArgumentKind::Value, InputKind::String, ResultKind::Integer, false},
    {"lastIndexOf", Function::LastIndexOf, 1, 1, ArgumentKind::Value, InputKind::String, ResultKind::Integer, false},
    {"substring", Function::Substring, 1, 2, ArgumentKind::Value, InputKind::String, ResultKind::String, false},
    {"startsWith", Function::StartsWith, 1, 1, ArgumentKind::Value, InputKind::String, ResultKind::Boolean, false},
    {"endsWith", Function::EndsWith, 1, 1, ArgumentKind::Value, InputKind::String, ResultKind::Boolean, false},
    {"contains", Function::Contains, 1, 1, ArgumentKind::Value, InputKind::String, ResultKind::Boolean, false},
    {"upper", Function::Upper, 0, 0, ArgumentKind::Value, InputKind::String, ResultKind::String, false},
    {"lower", Function::Lower, 0, 0, ArgumentKind::Value, InputKind::String, ResultKind::String, false},
    {"replace", Function::Replace, 2, 2, ArgumentKind::Value, InputKind::String, ResultKind::String, false},
    {"matches", Function::Matches, 1, 2, ArgumentKind::Value, InputKind::String, ResultKind::Boolean, false},
    {"matchesFull", Function::MatchesFull, 1, 2, ArgumentKind::Value, InputKind::String, ResultKind::Boolean, false},
    {"replaceMatches", Function::ReplaceMatches, 2, 3, ArgumentKind::Value, InputKind::String, ResultKind::String, false},
    {"length", Function::Length, 0, 0, ArgumentKind::Value, InputKind::String, ResultKind::Integer, false},
    {"toChars", Function::ToChars, 0, 0, ArgumentKind::Value, InputKind::String, ResultKind::String, false},
    {"encode", Function::Encode, 1, 1, ArgumentKind::Value, InputKind::String, ResultKind::String, false},
    {"decode", Function::Decode, 1, 1, ArgumentKind::Value, InputKind::String, ResultKind::String, false},
    {"escape", Function::Escape, 1, 1, ArgumentKind::Value, InputKind::String, ResultKind::String, false},
    {"unescape", Function::Unescape, 1, 1, ArgumentKind::Value, InputKind::String, ResultKind::String, false},
    {"trim", Function::Trim, 0, 0, ArgumentKind::Value, InputKind::String, ResultKind::String, false},
    {"split", Function::Split, 1, 1, ArgumentKind::Value, InputKind::String, ResultKind::String, false},
    {"join", Function::Join, 0, 1, ArgumentKind::Value, InputKind::Collection, ResultKind::String, false},
    {"abs", Function::Abs, 0, 0, ArgumentKind::Value, InputKind::Number, ResultKind::Unknown, false},
    {"ceiling", Function::Ceiling, 0, 0, ArgumentKind::Value, InputKind::Number, ResultKind::Integer, false},
    {"exp", Function::Exp, 0, 0, ArgumentKind::Value, InputKind::Number, ResultKind::Decimal, false},
    {"floor", Function::Floor, 0, 0, ArgumentKind::Value, InputKind::Number, ResultKind::Integer, false},
    {"ln", Function::Ln, 0, 0, ArgumentKind::Value, InputKind::Number, ResultKind::Decimal, false},
    {"log", Function::Log, 1, 1, ArgumentKind::Value, InputKind::Number, ResultKind::Decimal, false},
    {"power", Function::Power, 1, 1, ArgumentKind::Value, InputKind::Number, ResultKind::Unknown, false},
    {"round", Function::Round, 0, 1, ArgumentKind::Value, InputKind::Number, ResultKind::Unknown, false},
    {"sqrt", Function::Sqrt, 0, 0, ArgumentKind::Value, InputKind::Number, ResultKind::Decimal, false},
    {"truncate", Function::Truncate, 0, 0, ArgumentKind::Value, InputKind::Number, ResultKind::Integer, false},
    {"children", Function::Children, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"descendants", Function::Descendants, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"trace", Function::Trace, 1, 2, ArgumentKind::Lambda, InputKind::Collection, ResultKind::Same, false},
    {"now", Function::Now, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::DateTime, false},
    {"timeOfDay", Function::TimeOfDay, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Time, false},
    {"today", Function::Today, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Date, false},
    {"defineVariable", Function::DefineVariable, 1, 2, ArgumentKind::Lambda, InputKind::Collection, ResultKind::Same, false},
    {"lowBoundary", Function::LowBoundary, 0, 1, ArgumentKind::Value, InputKind::Single, ResultKind::Unknown, false},
    {"highBoundary", Function::HighBoundary, 0, 1, ArgumentKind::Value, InputKind::Single, ResultKind::Unknown, false},
    {"precision", Function::Precision, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Integer, false},
    {"comparable", Function::Comparable, 1, 1, ArgumentKind::Value, InputKind::Single, ResultKind::Boolean, false},
    {"not", Function::Not, 0, 0, ArgumentKind::Value, InputKind::Single, ResultKind::Boolean, false},
    {"as", Function::As, 1, 1, ArgumentKind::TypeName, InputKind::Collection, ResultKind::Unknown, false},
    {"is", Function::Is, 1, 1, ArgumentKind::TypeName, InputKind::Collection, ResultKind::Boolean, false},
    {"type", Function::Type, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"aggregate", Function::Aggregate, 1, 2, ArgumentKind::Lambda, InputKind::Collection, ResultKind::Unknown, false},
    {"sum", Function::Sum, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"min", Function::Min, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"max", Function::Max, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"avg", Function::Avg, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"extension", Function::Extension, 1, 1, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"hasValue", Function::HasValue, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Boolean, false},
    {"getValue", Function::GetValue, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"resolve", Function::Resolve, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Unknown, false},
    {"conformsTo", Function::ConformsTo, 1, 1, ArgumentKind::Value, InputKind::Collection, ResultKind::Boolean, false},
    {"memberOf", Function::MemberOf, 1, 1, ArgumentKind::Value, InputKind::Collection, ResultKind::Boolean, false},
    {"htmlChecks", Function::HtmlChecks, 0, 0, ArgumentKind::Value, InputKind::Collection, ResultKind::Boolean, false},
    {"checkModifiers", Function::CheckModifiers, 0, 16, ArgumentKind::Value, InputKind::Collection, ResultKind::Same, false},
};
// clang-format on

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(kFunctions); ++i) {
    if (static_cast<std::size_t>(kFunctions[i].function) != i) return false;
  }
  return true;
}
static_assert(in_order());

// Levenshtein distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

const FunctionInfo* find_function(std::string_view name) {
  for (const FunctionInfo& info : kFunctions) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

const FunctionInfo& function_info(Function function) {
  return kFunctions[static_cast<std::size_t>(function)];
}

std::string_view nearest_function(std::string_view name) {
  constexpr std::size_t kNear = 3, kLongest = 32;
  if (name.size() > kLongest) return {};
  std::string_view best;
  std::size_t least = kNear;
  for (const FunctionInfo& info : kFunctions) {
    const std::size_t steps = distance(name, info.name);
    if (steps >= least || steps * 2 > name.size()) continue;
    least = steps;
    best = info.name;
  }
  return best;
}

}  // namespace fhir::path
