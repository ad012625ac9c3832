#pragma once
// Finds equal items among many in linear time.

#include <vector>

#include "fhir-model/path/machine.h"

namespace fhir::path {

// A set of items by FHIRPath's equality. Few items are compared one by one; more go through hashes. Lives
// within one evaluation.
class UniqueItems {
 public:
  explicit UniqueItems(Machine& machine) : machine_(machine) {}

  // Adds the item if none equals it; true if it was added.
  bool add(const Value& item);
  bool contains(const Value& item);

 private:
  static constexpr std::size_t kFew = 12;
  void rehash();
  std::size_t slot_of(std::size_t hash) const { return hash & (slots_.size() - 1); }

  Machine& machine_;
  std::vector<Value> items_;
  std::vector<std::size_t> hashes_;
  std::vector<std::uint32_t> slots_;  // index + 1; 0 = empty; a power of two
};

}  // namespace fhir::path
