#pragma once
// Elements of StructureDefinitions → rules.

#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/validate/profile.h"
#include "fhir-model/validate/text_map.h"

namespace fhir::validate {

// Lays the elements of one differential (or snapshot) over the rules of the base profile: what generating a
// snapshot does, restricted to what is checked. One profile, one thread.
class ProfileReader {
 public:
  ProfileReader(const Definitions& definitions, const Terminology& terminology, Profile& profile)
      : definitions_(definitions), terminology_(terminology), profile_(profile) {}

  // One ElementDefinition after the other, in their order. Empty, or what is wrong with it.
  std::string apply(const Node& element);

  // Constraints that cannot be used, one sentence each.
  const std::vector<std::string>& problems() const { return problems_; }

  // Contexts and constraints on them, of extensions.
  void read_contexts(const Node& resource);

 private:
  std::string id_of(const Node& element);
  ElementRule* locate(std::string_view id);
  static ElementRule& child(ElementRule& owner, std::string_view segment);
  static ElementRule& slice(ElementRule& owner, std::string_view name);
  void read_types(const Node& list, ElementRule& rule);
  void read_slicing(const Node& node, ElementRule& rule);
  void read_binding(const Node& node, ElementRule& rule);
  void read_constraints(const Node& list, ElementRule& rule);
  void read_values(const Node& element, ElementRule& rule);
  std::shared_ptr<const path::Program> compile(std::string_view key, std::string_view expression);

  const Definitions& definitions_;
  const Terminology& terminology_;
  Profile& profile_;
  std::vector<std::string> problems_;
  TextMap<std::string> last_ids_;  // path → id of the latest element there, for elements without id
};

}  // namespace fhir::validate
