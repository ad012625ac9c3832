#pragma once
// Where extensions may stand.

#include "fhir-model/validate/profile.h"
#include "fhir-model/validate/walk.h"

namespace fhir::validate {

// The element that bears an extension: judges contexts (R4 §2.4.2 "extension context"). Lives for one
// extension.
class ExtensionPlace {
 public:
  ExtensionPlace(Walk& walk, const Scope& scope, const Node& bearer);
  void check(const Profile& extension, const Node& node, std::string_view url, bool modifier);

 private:
  bool fits(const ExtensionContext& context);
  bool fits_element(std::string_view expression);
  bool has_url_element() const;
  bool is_of_type(std::string_view name) const;
  path::Value value() const;

  Walk& walk_;
  const Scope& scope_;
  const Node& bearer_;
  const Type* type_ = nullptr;        // of the bearer
  const Element* element_ = nullptr;  // that the bearer stands at; null for resources
};

}  // namespace fhir::validate
