#pragma once
// Merges of patients (A40), their undoing and key changes (A47), as records: stored references are not
// rewritten. Source: semantics.md rule 3.

#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/store/transaction.h"

namespace lienthong::identity {

struct Merge {
  Uuid replaced;  // id of the Patient that was merged away
  Uuid survivor;
  Instant at{};  // event time
  bool undone = false;
};

// Records it and points the replaced patient's key at the survivor. Conflict (LT-1601) if it would close a
// cycle. Neither needs to be stored yet.
Result<void> merge(store::Transaction& transaction, const Merge& merge);
// Marks the merge as undone and gives the key back; does nothing when there is none.
Result<void> undo_merge(store::Transaction& transaction, const Uuid& replaced, const Uuid& survivor);
// The one that stands for `patient` at the end of its chain of merges; itself when it was not merged.
Result<Uuid> survivor_of(store::Connection& connection, const Uuid& patient);
// All that `survivor` replaced, over chains.
Result<std::vector<Uuid>> replaced_by(store::Connection& connection, const Uuid& survivor);

}  // namespace lienthong::identity
