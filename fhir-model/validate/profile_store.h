#pragma once
// All profiles and extensions that are known.

#include <string>
#include <string_view>
#include <vector>

#include "fhir-model/validate/profile.h"
#include "fhir-model/validate/text_map.h"

namespace fhir::validate {

// Filled at set-up, then read by any number of threads. Looks up in constant time.
class ProfileStore {
 public:
  ProfileStore(const Definitions& definitions, const Terminology& terminology);

  // Takes note of a StructureDefinition; the node must stay. A later one replaces an earlier one of its URL.
  void add(const Node& resource);
  // A profile that an ImplementationGuide demands of all resources of a type.
  void add_global(std::string_view type, std::string_view url);
  // Those of a type; usually empty.
  const std::vector<std::string>& globals(TypeId type) const;
  // Builds all profiles, base before derived. Afterwards the store is immutable.
  void build();

  // By canonical URL; a version is ignored. Null when not known or not understood.
  const Profile* find(std::string_view url) const;
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  const Profile* build_one(std::string_view url, int depth);
  bool fill(const Node& resource, Profile& profile, int depth);

  const Definitions& definitions_;
  const Terminology& terminology_;
  TextMap<const Node*> sources_;
  TextMap<std::unique_ptr<Profile>> profiles_;     // null while being built, and for those that failed
  std::vector<std::vector<std::string>> globals_;  // by TypeId; empty when there are none at all
  std::vector<std::string> problems_;
};

}  // namespace fhir::validate
