#pragma once
// Checks values against profiles.

#include <array>

#include "fhir-model/validate/profile.h"
#include "fhir-model/validate/profile_scratch.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {

// Adds to what the walk checks the demands of the profiles that apply. Lives for one call, on the walk's
// thread.
class ProfileCheck {
 public:
  explicit ProfileCheck(Walk& walk) : walk_(walk), report_(walk.report()), scratch_(walk.profile_scratch()) {}

  // The profiles of a resource: those of meta.profile, those asked for (root only), and the vital signs' by
  // code.
  void check_resource(const Scope& scope, bool root);
  // A value of an extension or another element against one profile.
  void check(const Profile& profile, const path::Value& value, const Scope& scope);
  // The same as a question, without findings.
  bool conforms(const Profile& profile, const path::Value& value, const Scope& scope);

 private:
  friend class SliceMatch;
  void check_canonical(std::string_view url, const Node& at, const Scope& scope, bool demanded);
  void element(const ElementRule& rule, const path::Value& value);
  void values(const ElementRule& rule, const path::Value& value);
  void constraints(const ElementRule& rule, const path::Value& value);
  void types(const ElementRule& rule, const path::Value& value);
  void reference_rule(const ElementRule& rule, const TypeRule& type, const path::Value& value);
  void child(const ElementRule& rule, const path::Value& parent);
  void slices(const ElementRule& rule, const path::Value& parent, std::size_t first, std::size_t count);
  bool is_undefined_part(const ElementRule& rule, const path::Value& value) const;
  void slice_order(const ElementRule& rule, std::size_t first, std::size_t count);
  void count_slices(const ElementRule& rule, const path::Value& parent, std::size_t first, std::size_t count);
  void value_profiles(const TypeRule& type, const path::Value& value);
  bool some_profile_fits(const ElementRule& rule, const path::Value& value);
  bool target_type_fits(const ElementRule& rule, const path::Value& value);
  bool target_conforms(const TypeRule& type, const Node& target);
  bool spend();
  const Node& place_of(const path::Value& value) const;

  Walk& walk_;
  Report& report_;
  ProfileScratch& scratch_;
  const Profile* profile_ = nullptr;
  const Scope* scope_ = nullptr;
  std::array<const Profile*, 8> checked_{};  // the first profiles of check_resource's resource
  std::size_t checked_count_ = 0;
};

}  // namespace fhir::validate
