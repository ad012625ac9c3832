#pragma once
// Memory and limits of profile checks, kept from one to the next.

#include <cstdint>
#include <vector>

#include "fhir-model/path/value.h"

namespace fhir::validate {

// One thread. `items` is used as a stack: who pushes, pops. `owners` runs in parallel: the number of the
// slice (1-based) that the item belongs to, 0 for none.
struct ProfileScratch {
  static constexpr int kMaxDepth = 100;  // profiles within profiles
  std::vector<path::Value> items;
  std::vector<std::uint32_t> owners;
  std::uint64_t work = 0;  // element rules that may still be looked at in this validation
  int depth = 0;

  void pop_to(std::size_t size) {
    items.resize(size);
    owners.resize(size);
  }
};

}  // namespace fhir::validate
