#pragma once
// All search keys of one resource.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "fhir-model/search/key_arena.h"
#include "fhir-model/search/search_key.h"

namespace fhir::search {

using ParameterId = std::uint16_t;  // SearchModel::parameter(); never store it: URLs are stable, numbers not

// A run of SearchKeys::values().
struct KeyRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

// A parameter has these values. A parameter may have several entries, and entries share values.
struct KeyEntry {
  ParameterId parameter = 0;
  KeyRange values = {};
};

inline constexpr std::size_t kMaxComponents = 4;

// One element that a composite parameter applies to: any value of the first component together with any of
// the second (and third …) is a key. No component is empty.
struct CompositeEntry {
  ParameterId parameter = 0;
  std::uint8_t component_count = 0;
  std::array<KeyRange, kMaxComponents> components = {};
};

// Filled by KeyExtractor. Keeps memory of usual size, so that usual resources allocate nothing. Equal values
// may occur more than once for a parameter. Valid as long as the document. One thread at a time may change
// it.
class SearchKeys {
 public:
  TypeId resource_type() const { return resource_type_; }
  std::span<const KeyEntry> entries() const { return entries_; }
  std::span<const CompositeEntry> composites() const { return composites_; }
  std::span<const KeyValue> values(KeyRange range) const {
    return std::span<const KeyValue>(values_).subspan(range.first, range.count);
  }
  // References to contained resources ("#x"): no keys, counted.
  std::size_t contained_references() const { return contained_references_; }
  // Values that have no normal form (a date that is none, a number beyond 36 digits): no keys, counted.
  std::size_t unusable_values() const { return unusable_values_; }

  void clear(TypeId resource_type) {
    resource_type_ = resource_type;
    entries_.clear();
    composites_.clear();
    values_.clear();
    if (values_.capacity() > kKeptValues) values_.shrink_to_fit();
    texts_.clear();
    contained_references_ = unusable_values_ = 0;
  }

 private:
  static constexpr std::size_t kKeptValues = 16 * 1024;
  friend class KeyWriter;
  friend class KeyExtractor;
  std::vector<KeyEntry> entries_;
  std::vector<CompositeEntry> composites_;
  std::vector<KeyValue> values_;
  KeyArena texts_;
  std::size_t contained_references_ = 0;
  std::size_t unusable_values_ = 0;
  TypeId resource_type_ = kNoType;
};

}  // namespace fhir::search
