#pragma once
// Which record took the place of which: merged patients (A40), changed numbers (A47, A50). They are records
// of their own with the event's time; what is in force follows from the set of them, not from the order in
// which they came. Stored references are not rewritten. Source: semantics.md rule 3.

#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/store/transaction.h"

namespace lienthong::identity {

// `at` of a changed number: both numbers have always meant the same.
inline constexpr Instant kAlways = Instant::min();

struct Merge {
  Uuid replaced;  // id of the record that gives way
  Uuid survivor;
  Instant at{};  // event time: messages of an earlier event still speak of `replaced`
};

struct MergeOutcome {
  bool refused = false;  // it would lead back to `replaced`: kept as refused, without effect
  // Records whose present survivor, or what they replaced, is another now; each once.
  std::vector<Uuid> changed;
};

// Records the merge and brings the alias table along: of several merges of one record that of the latest
// event holds, and one that would close a cycle with those before it is refused. Saying it again changes
// nothing, also after it was undone. Neither record needs to be stored yet. Conflict (LT-1601): more than
// 10,000 records hang together.
Result<MergeOutcome> merge(store::Transaction& transaction, const Merge& merge, Instant now);

// A person's decision: what was merged into `survivor` stands for itself again (or for what it was merged
// into besides). Gives the records that changed; none when there was no such merge.
Result<std::vector<Uuid>> undo_merge(store::Transaction& transaction, const Uuid& replaced,
                                     const Uuid& survivor, Instant now);

// The one that stands for `id` at the end of its chain of merges; itself when it was not merged.
Result<Uuid> survivor_of(store::Connection& connection, const Uuid& id);
// All that `survivor` replaced, over chains; at most 10,000.
Result<std::vector<Uuid>> replaced_by(store::Connection& connection, const Uuid& survivor);

// A merge that stands (or stood) directly at a record.
struct MergedWith {
  Uuid other;
  bool is_survivor = false;  // `other` replaces the record; else the record replaces `other`
  Instant at{};              // event time
};
// As known at `seen`; Instant::max(): now.
Result<std::vector<MergedWith>> merged_with(store::Connection& connection, const Uuid& id, Instant seen);

}  // namespace lienthong::identity
