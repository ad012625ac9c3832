#pragma once
// Rules of Bundles (R4 §2.36).

#include "fhir-model/validate/walk.h"

namespace fhir::validate {

// Checks one Bundle whose entries the walk has indexed. Linear in the number of entries.
class BundleRules {
 public:
  BundleRules(Walk& walk, const Node& bundle) : walk_(walk), report_(walk.report()), bundle_(bundle) {}
  void check();

 private:
  void entry(const BundleEntry& entry);
  void full_url(const BundleEntry& entry);
  void duplicates();
  void links();
  void kinds();
  void searchset(const BundleEntry& entry);
  void document_or_message();
  void document_references(const BundleEntry& composition);
  void section_references(const Node& owner, const BundleEntry& composition, int depth);
  void message_references(const BundleEntry& header);
  void demand_in_bundle(const Node* list, const BundleEntry& source, std::string_view what);
  void demand_one(const Node& reference, const BundleEntry& source, std::string_view what);
  void reachability();
  void broken(std::string_view key, std::string_view human);

  Walk& walk_;
  Report& report_;
  const Node& bundle_;
  std::string_view type_;
};

}  // namespace fhir::validate
