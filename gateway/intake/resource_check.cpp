#include "gateway/intake/resource_check.h"

#include <algorithm>
#include <utility>

#include "fhir-model/document/json_reader.h"

namespace lienthong::intake {
namespace {

using fhir::validate::Issue;
using fhir::validate::MessageId;

constexpr std::uint16_t kError = 1711, kWarning = 1712, kMore = 1713;

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A whole name within a FHIRPath: "birthDate" in "Patient.birthDate".
bool names_part_of(std::string_view path, std::string_view name) {
  for (auto at = path.find(name); at != std::string_view::npos; at = path.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || !is_letter(path[at - 1])) && (end == path.size() || !is_letter(path[end]))) return true;
  }
  return false;
}

// Names of elements and constraints, URLs of FHIR's own: anything else may be a patient's data.
bool is_fhir_name(const Issue& issue, std::string_view argument) {
  if (issue.message == MessageId::InvariantFailed || issue.message == MessageId::MinimumMissing) return true;
  if (argument.starts_with("http://hl7.org/") || argument.starts_with("http://terminology.hl7.org/"))
    return true;
  return !argument.empty() && names_part_of(issue.expression, argument);
}

Issue without_values(Issue issue) {
  for (auto& argument : issue.arguments) {
    if (!is_fhir_name(issue, argument)) argument = "…";
  }
  return issue;
}

}  // namespace

// An extensible value set asks for its codes only where one has the meaning, which nobody but the mapping's
// author can say: visit numbers, cards and citizen ids have none in FHIR's own.
bool ResourceCheck::is_news(const Issue& found) {
  if (found.message == MessageId::CodeNotInExtensible) return false;
  std::string kind = std::to_string(static_cast<unsigned>(found.message));
  for (const char c : found.expression) {
    if (c < '0' || c > '9') kind += c;
  }
  for (const auto& argument : found.arguments) kind.append(1, '\n').append(argument);
  if (known_.size() == kMostKnown) return known_.count(std::hash<std::string>()(kind)) == 0;
  return known_.insert(std::hash<std::string>()(kind)).second;
}

bool ResourceCheck::tell(const Issue& found, CheckMode mode, ProblemSink& problems) {
  using FhirSeverity = fhir::validate::Severity;
  if (found.severity == FhirSeverity::Information) return false;
  const bool is_error = found.severity != FhirSeverity::Warning;
  if (!is_error && !is_news(found)) return false;
  if (told_ == kMostFindings) return ++untold_, is_error;
  ++told_;
  const auto issue = without_values(found);
  Problem problem;
  problem.severity = is_error && mode == CheckMode::Reject ? Severity::Error : Severity::Warning;
  problem.number = is_error ? kError : kWarning;
  problem.where_output = issue.expression;
  problem.arguments = {std::string(fhir::validate::message_of(issue.message).key), english_text(issue),
                       vietnamese_text(issue)};
  problems.add(std::move(problem));
  return is_error;
}

bool ResourceCheck::check(const convert::Conversion& conversion, CheckMode mode, ProblemSink& problems,
                          const std::function<void()>& after_each) {
  told_ = untold_ = 0;
  bool has_errors = false;
  for (const auto& claim : conversion.claims) {
    padded_.assign(claim.json).append(fhir::kPadding, '\0');
    const auto read = fhir::read_json({padded_.data(), claim.json.size()}, document_);
    if (!read) continue;  // the repository refuses it with its own reason
    for (const auto& issue : validation_.validate(document_))
      has_errors = tell(issue, mode, problems) || has_errors;
    after_each();
  }
  if (untold_ == 0) return has_errors;
  Problem more;
  more.severity = Severity::Warning;
  more.number = kMore;
  more.arguments = {std::to_string(untold_)};
  problems.add(std::move(more));
  return has_errors;
}

}  // namespace lienthong::intake
