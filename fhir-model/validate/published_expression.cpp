#include "fhir-model/validate/published_expression.h"

#include <array>
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

// The FHIRPath type of the capital letter for FHIR's: "value as String".
constexpr std::string_view kSystemString = " as String)";
constexpr std::string_view kFhirString = " as string)";

}  // namespace

std::string meant_expression(std::string_view published) {
  for (const auto& [wrong, right] : kCorrections) {
    if (published == wrong) return std::string(right);
  }
  std::string out(published);
  for (auto at = out.find(kSystemString); at != std::string::npos; at = out.find(kSystemString, at + 1)) {
    out.replace(at, kSystemString.size(), kFhirString);
  }
  return out;
}

}  // namespace fhir::validate
