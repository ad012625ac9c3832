#pragma once
// Resource → all its search keys.

#include <memory>
#include <vector>

#include "fhir-model/document/node.h"
#include "fhir-model/search/key_options.h"
#include "fhir-model/search/search_keys.h"
#include "fhir-model/search/search_model.h"

namespace fhir::search {

// An element that a parameter's expression selects.
struct SelectedElement {
  ParameterId parameter = 0;
  const Node* node = nullptr;
};

// Finds keys in one walk over the resource, plus an evaluation for the few expressions that are no paths.
// Keeps its memory: usual resources allocate nothing. One thread at a time; models and documents may be
// shared. Contained resources have no keys of their own (R4 §3.1.1.5.7, `_contained` is not offered).
class KeyExtractor {
 public:
  // `model` must outlive the extractor.
  explicit KeyExtractor(const SearchModel& model, KeyOptions options = {});
  ~KeyExtractor();
  KeyExtractor(const KeyExtractor&) = delete;
  KeyExtractor& operator=(const KeyExtractor&) = delete;

  // All keys of a resource, also of one inside a Bundle. False, and no keys: the resourceType is none of R4.
  // An expression that fails on a resource (a limit reached) gives no keys for its parameter.
  bool extract(const Node& resource, SearchKeys& keys);

  // Which elements the parameters look at, without making keys: for explanations and tests. Composites are
  // left out.
  bool select(const Node& resource, std::vector<SelectedElement>& out);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fhir::search
