#include "gateway/intake/problem_text.h"

#include <string_view>

#include "gateway/base/json_text.h"

namespace lienthong::intake {
namespace {

void append_member(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, text);
}

void append_problem(std::string& out, const Problem& problem) {
  out += "{\"s\":";
  append_json_string(out, name_of(problem.severity));
  out += ",\"n\":" + std::to_string(problem.number);
  append_member(out, "c", problem.catalogue);
  append_member(out, "i", problem.where_input);
  append_member(out, "o", problem.where_output);
  if (problem.offset != kNoOffset) out += ",\"at\":" + std::to_string(problem.offset);
  if (!problem.arguments.empty()) {
    out += ",\"a\":[";
    for (std::size_t i = 0; i < problem.arguments.size(); ++i) {
      if (i > 0) out += ',';
      append_json_string(out, problem.arguments[i]);
    }
    out += ']';
  }
  out += '}';
}

}  // namespace

std::string problems_as_json(const ProblemSink& sink) {
  std::string out;
  if (sink.problems().empty()) return out;
  out += '[';
  for (const auto& problem : sink.problems()) {
    if (out.size() > 1) out += ',';
    append_problem(out, problem);
  }
  if (sink.dropped() > 0) out += ",{\"dropped\":" + std::to_string(sink.dropped()) + "}";
  out += ']';
  return out;
}

std::vector<journal::UnmappedCode> unmapped_codes(const ProblemSink& sink) {
  constexpr std::uint16_t kUnmappedCode = 2101, kUnmappedUnit = 2119;
  std::vector<journal::UnmappedCode> codes;
  for (const auto& problem : sink.problems()) {
    const bool unmapped = problem.catalogue.empty() &&
                          (problem.number == kUnmappedCode || problem.number == kUnmappedUnit) &&
                          !problem.arguments.empty() && !problem.value.empty();
    if (unmapped) codes.push_back({problem.arguments.front(), problem.value});
  }
  return codes;
}

std::string_view name_of_mapping(std::string_view identity) noexcept {
  return identity.substr(0, identity.rfind(" #"));
}

}  // namespace lienthong::intake
