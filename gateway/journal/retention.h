#pragma once
// Forgetting by age, in slices that never hold up the writer.

#include <cstddef>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/store/transaction.h"

namespace lienthong::journal {

struct PruneResult {
  std::size_t removed = 0;
  bool more = false;  // submit another slice
};

// Forgets at most `limit` entries of duplicate detection whose messages came before `before` (now - window).
Result<PruneResult> prune_seen(store::Transaction& transaction, Instant before, std::size_t limit = 500);

// The newest message always stays, so that its row number is never given to another.
// Deletes at most `limit` messages received before `before`, oldest first, with their contributions, entries
// of duplicate detection, and finished batches that no message points to any more.
Result<PruneResult> prune_messages(store::Transaction& transaction, Instant before, std::size_t limit = 200);

}  // namespace lienthong::journal
