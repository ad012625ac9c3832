#include "fhir-model/validate/published_expression.h"

#include <array>
#include <string>
#include <utility>

namespace fhir::validate {
namespace {

using Correction = std::pair<std::string_view, std::string_view>;

constexpr std::array kCorrections = {
    // ras-2: without a probability, or with a range, there is nothing to compare.
    Correction{"probability is decimal implies (probability as decimal) <= 100",
               "probability.empty() or ((probability is decimal) implies ((probability as decimal) <= 100))"},
    // que-12: "more than one enableWhen".
    Correction{"enableWhen.count() > 2 implies enableBehavior.exists()",
               "enableWhen.count() > 1 implies enableBehavior.exists()"},
    // vs-1: speaks of dateTime alone, but stands on periods too.
    Correction{"($this as dateTime).toString().length() >= 8",
               "($this is dateTime).not() or ($this as dateTime).toString().length() >= 8"},
};

// Types of FHIRPath by whose capital letter published expressions mean FHIR's: "value as String", "answer is
// Boolean" of an element.
constexpr std::array<std::string_view, 7> kSystemTypes = {"Boolean", "String",   "Integer", "Decimal",
                                                          "Date",    "DateTime", "Time"};

void name_fhir_type(std::string_view operation, std::string_view type, std::string& expression) {
  const std::string wrong = std::string(operation).append(type).append(")");
  for (auto at = expression.find(wrong); at != std::string::npos; at = expression.find(wrong, at + 1)) {
    char& capital = expression[at + operation.size()];
    capital = static_cast<char>(capital - 'A' + 'a');
  }
}

}  // namespace

std::string meant_expression(std::string_view published) {
  for (const auto& [wrong, right] : kCorrections) {
    if (published == wrong) return std::string(right);
  }
  std::string out(published);
  for (const auto type : kSystemTypes) {
    name_fhir_type(" as ", type, out);
    name_fhir_type(" is ", type, out);
  }
  return out;
}

}  // namespace fhir::validate
