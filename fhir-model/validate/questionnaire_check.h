#pragma once
// Questionnaires, and responses to them.

#include <string_view>
#include <vector>

#include "fhir-model/validate/enable_when.h"
#include "fhir-model/validate/questionnaire.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {

// Checks a QuestionnaireResponse against its Questionnaire (R4 "QuestionnaireResponse", notes on content):
// which items, where and how often; required ones, enableWhen, types, options and bounds of answers. Lives
// for one call, on the walk's thread.
class QuestionnaireCheck {
 public:
  QuestionnaireCheck(Walk& walk, const Scope& scope, const Questionnaire& questionnaire);
  void check();

  // enableWhen of a Questionnaire: does it ask for items that are there and stand before?
  static void check_conditions(Walk& walk, const Questionnaire& questionnaire);

 private:
  // A response's item and the Questionnaire's item that it answers.
  struct Given {
    std::uint32_t item;
    const Node* node;
  };

  void period();
  void group(const Node& owner, std::uint32_t parent);
  void collect(const Node& owner, std::uint32_t parent, std::vector<Given>& given);
  void missing(std::uint32_t number, const Node& at);
  void several(std::uint32_t number, const Given* first, const Given* last, const Node& owner);
  void item(std::uint32_t number, const Node& node);
  void answers(std::uint32_t number, const Node& node);
  void counts(const QuestionnaireItem& item, const Node& node);
  void exclusive(const QuestionnaireItem& item, const Node& list);
  // answer_check.cpp
  void answer(const QuestionnaireItem& item, const Node& node);
  void options(const QuestionnaireItem& item, const Node& node, const Node& value);
  void bounds(const QuestionnaireItem& item, const Node& value);
  void bound(const QuestionnaireItem& item, const Node& value, const Node* limit, bool is_least);
  void text(const QuestionnaireItem& item, const Node& value);
  void target(const QuestionnaireItem& item, const Node& value);
  bool spend();

  Walk& walk_;
  const Scope& scope_;
  const Questionnaire& questionnaire_;
  EnableWhen enable_when_;
  std::vector<const Node*> frames_;
  bool in_progress_ = false;
};

}  // namespace fhir::validate
