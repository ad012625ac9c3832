#pragma once
// The check step: what a message would make, judged by FHIR R4 before it is stored.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "fhir-model/document/document.h"
#include "fhir-model/validate/validator.h"
#include "gateway/base/problem.h"
#include "gateway/convert/claim.h"

namespace lienthong::intake {

// Off: not checked. Warn: findings are problems of the message, which is stored anyway. Reject: a message
// with a finding of severity error is refused and kept raw.
enum class CheckMode : std::uint8_t { Off, Warn, Reject };

// One for each worker; one thread. `validator` outlives it.
class ResourceCheck {
 public:
  static constexpr std::size_t kMostFindings = 50;  // told of one message; the rest is counted in one problem
  static constexpr std::size_t kMostKnown = 4096;   // warnings that are remembered as told

  explicit ResourceCheck(const fhir::validate::Validator& validator) : validation_(validator) {}

  // Adds LT-1711 (an error; in Warn mode as a warning), LT-1712 (a warning) and LT-1713 (how many more) to
  // `problems`. Their place is the FHIRPath; their texts hold names of FHIR's own, never values. A warning of
  // the same place and values is told once, not with every message: a laboratory's Vietnamese words for a
  // code differ from the code system's each time. That a code is not from an extensible value set is not
  // told: the mapping's table decided it, and a code without a row is LT-2101. True when there was an error.
  // `after_each` is called after each resource.
  bool check(
      const convert::Conversion& conversion, CheckMode mode, ProblemSink& problems,
      const std::function<void()>& after_each = [] {});

 private:
  bool is_news(const fhir::validate::Issue& found);
  bool tell(const fhir::validate::Issue& issue, CheckMode mode, ProblemSink& problems);

  fhir::validate::Validation validation_;
  fhir::Document document_;
  std::string padded_;
  std::size_t told_ = 0, untold_ = 0;
  std::unordered_set<std::size_t> known_;  // hashes of warnings
};

}  // namespace lienthong::intake
