#include "gateway/intake/problem_text.h"

#include <charconv>
#include <string_view>

#include "fhir-model/document/json_reader.h"
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

std::string_view text_at(const fhir::Node& object, std::string_view name) {
  const auto* found = object.find(name);
  return found == nullptr ? std::string_view() : found->text();
}

std::uint64_t number_at(const fhir::Node& object, std::string_view name, std::uint64_t otherwise) {
  const auto text = text_at(object, name);
  std::from_chars(text.data(), text.data() + text.size(), otherwise);
  return otherwise;
}

Severity severity_of(std::string_view name) noexcept {
  for (const auto one : {Severity::Information, Severity::Warning, Severity::Fatal}) {
    if (name_of(one) == name) return one;
  }
  return Severity::Error;
}

Problem read_problem(const fhir::Node& object) {
  Problem problem;
  problem.severity = severity_of(text_at(object, "s"));
  problem.number = static_cast<std::uint16_t>(number_at(object, "n", 0));
  problem.catalogue = text_at(object, "c");
  problem.where_input = text_at(object, "i");
  problem.where_output = text_at(object, "o");
  problem.offset = static_cast<std::uint32_t>(number_at(object, "at", kNoOffset));
  if (const auto* arguments = object.find("a")) {
    for (const auto& argument : arguments->children()) problem.arguments.emplace_back(argument.text());
  }
  return problem;
}

}  // namespace

KeptProblems problems_from_json(std::string_view json) {
  KeptProblems kept;
  std::string padded(json);
  padded.append(fhir::kPadding, '\0');
  fhir::Document document;
  if (json.empty() || !fhir::read_json({padded.data(), json.size()}, document)) return kept;
  for (const auto& one : document.root().children()) {
    if (one.find("dropped") != nullptr) {
      kept.dropped = number_at(one, "dropped", 0);
    } else {
      kept.problems.push_back(read_problem(one));
    }
  }
  return kept;
}

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
