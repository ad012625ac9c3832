#pragma once
// What a job wrote that may change which results claims copies are tied to (semantics 16); judged once, at
// its end.

#include <vector>

#include "gateway/base/ids.h"

namespace lienthong::repository::sqlite {

struct TieNotes {
  struct Result {
    ResourceRow row;
    bool is_copy = false, was_copy = false;
    bool is_new = false;  // no copy can have been judged by it before
  };
  std::vector<Result> results;        // Observations of which a version was made
  std::vector<ResourceRow> patients;  // whose links or merges are others now

  void clear() {
    results.clear();
    patients.clear();
  }
  bool empty() const { return results.empty() && patients.empty(); }
};

}  // namespace lienthong::repository::sqlite
