#pragma once
// Whether an item of a Questionnaire is enabled by the answers given.

#include <string_view>
#include <unordered_map>
#include <vector>

#include "fhir-model/validate/questionnaire.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {

// Of one QuestionnaireResponse. Lives for one check, on the walk's thread. Looks at each answer that a
// condition asks for and takes that from the walk's allowance of work.
class EnableWhen {
 public:
  static constexpr std::uint64_t kStepCost = 50;  // of the allowance, for each answer looked at

  EnableWhen(Walk& walk, const Scope& scope);

  // `frames`: the items and answers around the place that is asked about, outermost first. The answers that
  // count are those nearest to it (R4 Questionnaire.item.enableWhen).
  bool is_enabled(const QuestionnaireItem& item, const std::vector<const Node*>& frames);

 private:
  bool holds(const Node& condition, const std::vector<const Node*>& frames);
  bool spend();
  bool answers_fit(const Node& condition, const Node* first, const Node* last);

  Walk& walk_;
  const Scope& scope_;
  std::unordered_map<std::string_view, std::vector<const Node*>> by_link_id_;  // in document order
};

}  // namespace fhir::validate
