#pragma once
// Questionnaires, made ready for checking the responses to them.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fhir-model/definitions/definitions.h"
#include "fhir-model/document/node.h"
#include "fhir-model/path/program.h"
#include "fhir-model/validate/terminology.h"

namespace re2 {
class RE2;
}

namespace fhir::validate {

// The first member of a choice: "valueCoding" or "valueDate" for "value". Null when there is none.
const Node* choice_member(const Node& owner, std::string_view name);
// The value[x] of the extension of that URL on an element; null when it has none.
const Node* extension_value(const Node& element, std::string_view url);

// One item of a Questionnaire.
struct QuestionnaireItem {
  static constexpr std::uint32_t kTop = 0xFFFFFFFF;

  const Node* node = nullptr;
  std::string_view link_id;
  std::string_view type;  // "choice"
  std::uint32_t parent = kTop;
  std::uint32_t span = 1;  // items of its subtree with itself
  bool required = false, repeats = false;
  std::shared_ptr<const path::Program> condition;  // of extensions that hold enableWhen as FHIRPath
  std::shared_ptr<const re2::RE2> format;          // of the extension "regex"
  SetHandle answers;                               // of answerValueSet
};

// The items in document order, each before those within it. Immutable after the constructor, any thread; the
// node and the Terminology must outlive it.
class Questionnaire {
 public:
  Questionnaire(const Definitions& definitions, const Terminology& terminology, const Node& resource);

  const Node& resource() const { return *resource_; }
  const std::vector<QuestionnaireItem>& items() const { return items_; }
  const QuestionnaireItem& item(std::uint32_t number) const { return items_[number]; }
  // Number of the (first) item of that linkId, or kTop.
  std::uint32_t find(std::string_view link_id) const;

 private:
  void add(const Node& owner, std::uint32_t parent);
  QuestionnaireItem read(const Node& node);
  SetHandle answer_set(std::string_view url);

  const Definitions& definitions_;
  const Terminology& terminology_;
  const Node* resource_;
  std::vector<QuestionnaireItem> items_;
  std::unordered_map<std::string_view, std::uint32_t> by_link_id_;
  std::vector<std::shared_ptr<const LoadedSet>> contained_sets_;
};

}  // namespace fhir::validate
