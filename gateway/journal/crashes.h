#pragma once
// Contents that were in hand when the program died. Source: semantics.md rule 22: marked durably before they
// are worked on again; the second crash quarantines.

#include <cstdint>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/journal/message_record.h"
#include "gateway/store/transaction.h"

namespace lienthong::journal {

inline constexpr std::uint32_t kCrashesToQuarantine = 2;

struct Crasher {
  SourceId source;
  ContentHash hash;
  std::uint32_t crashes = 0;
  Instant last_at;
};

// Counts one more crash with this content in hand and returns the count.
Result<std::uint32_t> count_crash(store::Transaction& transaction, SourceId source, ContentHash hash,
                                  Instant at);
// All of them, for a look-up in memory on the io threads; few.
Result<std::vector<Crasher>> read_crashers(store::Connection& connection);
// A person released it (the plug-in was repaired). Fine when there is none.
Result<void> forget_crashes(store::Transaction& transaction, SourceId source, ContentHash hash);

}  // namespace lienthong::journal
