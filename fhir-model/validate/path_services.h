#pragma once
// What constraints may ask while they are evaluated.

#include "fhir-model/path/evaluator.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {

// References resolve within the document, value sets and profiles are the validator's. Lives for one
// evaluation.
class PathServices final : public path::Services {
 public:
  PathServices(Walk& walk, const Scope& scope) : walk_(walk), scope_(scope) {}

  std::optional<path::Value> resolve(std::string_view reference) override;
  std::optional<bool> member_of(const path::Value& value, std::string_view value_set) override;
  std::optional<bool> conforms_to(const path::Value& value, std::string_view profile) override;

 private:
  Walk& walk_;
  const Scope& scope_;
};

}  // namespace fhir::validate
