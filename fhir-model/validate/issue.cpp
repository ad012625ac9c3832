#include "fhir-model/validate/issue.h"

#include <algorithm>

namespace fhir::validate {
namespace {

std::string filled(std::string_view text, const std::vector<std::string>& arguments) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{' || i + 2 >= text.size()) {
      out += text[i];
      continue;
    }
    const auto index = static_cast<std::size_t>(text[i + 1] - '0');
    if (index < arguments.size()) out += arguments[index];
    i += 2;
  }
  return out;
}

}  // namespace

std::string_view severity_code(Severity severity) {
  constexpr std::string_view kCodes[] = {"information", "warning", "error", "fatal"};
  return kCodes[static_cast<std::size_t>(severity)];
}

std::string english_text(const Issue& issue) {
  return filled(message_of(issue.message).english, issue.arguments);
}

std::string vietnamese_text(const Issue& issue) {
  return filled(message_of(issue.message).vietnamese, issue.arguments);
}

std::size_t error_count(const std::vector<Issue>& issues) {
  return static_cast<std::size_t>(std::count_if(
      issues.begin(), issues.end(), [](const Issue& issue) { return issue.severity >= Severity::Error; }));
}

}  // namespace fhir::validate
