#pragma once
// Does an item belong to a slice?

#include <string_view>

#include "fhir-model/validate/profile_check.h"

namespace fhir::validate {

// Evaluates discriminators (R4 §5.1.0.13). Lives for one question.
class SliceMatch {
 public:
  explicit SliceMatch(ProfileCheck& check) : check_(check) {}

  // `owner` is the sliced element's rule, `slice` one of its slices.
  bool matches(const ElementRule& owner, const ElementRule& slice, const path::Value& item);

 private:
  // What a discriminator's path leads to in the rules: an element's rule, within a profile perhaps.
  struct Target {
    const ElementRule* rule = nullptr;
    bool through_extension = false;
  };
  bool discriminator_holds(const Discriminator& discriminator, const ElementRule& slice,
                           const path::Value& item);
  bool implied(const ElementRule& owner, const ElementRule& slice, const path::Value& item);
  bool extension_matches(const ElementRule& slice, const path::Value& item);
  bool type_matches(const ElementRule& slice, const path::Value& item);
  const ElementRule* follow(const ElementRule& start, std::string_view path) const;
  const ElementRule* step(const ElementRule& rule, std::string_view name) const;
  void select(const path::Value& item, std::string_view path);
  void select_step(std::size_t first, std::size_t count, std::string_view step);
  bool value_holds(const ElementRule& rule, const path::Value& value);

  ProfileCheck& check_;
};

// The first step of a path and what follows: "extension('u').value" → ("extension('u')", "value").
std::pair<std::string_view, std::string_view> split_step(std::string_view path);

}  // namespace fhir::validate
