#pragma once
// Which resource versions a message contributed to. Source: semantics.md rules 24 and 25: provenance is
// rendered from this, and a replay supersedes exactly what the message contributed.

#include <cstdint>
#include <span>
#include <vector>

#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/store/transaction.h"

namespace lienthong::journal {

struct Contribution {
  ResourceRow resource;
  std::uint32_t version = 0;
  bool operator==(const Contribution&) const = default;
};

// Replaces what was noted for the message; an empty list removes it. About 3 bytes a pair.
Result<void> set_contributions(store::Transaction& transaction, MessageRow message,
                               std::span<const Contribution> contributions);

// In the order given; empty when nothing was noted. Fault (LT-1307).
Result<std::vector<Contribution>> read_contributions(store::Connection& connection, MessageRow message);

}  // namespace lienthong::journal
