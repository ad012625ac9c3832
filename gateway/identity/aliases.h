#pragma once
// The alias table: which resource a business key stands for now. Source: semantics.md rule 3.
//
// UUIDv5 of a key mints the first id, and a key without a row here still stands for that id: the table holds
// only what differs (a changed MRN, a merge, a conflict), so that a usual key costs no row.

#include <optional>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/result.h"
#include "gateway/base/uuid.h"
#include "gateway/store/transaction.h"

namespace lienthong::identity {

// Why a key stands for another id than the minted one.
enum class AliasReason : std::uint8_t { ChangedKey = 1, Merge = 2, Conflict = 3, Manual = 4 };

struct Alias {
  Uuid minted;  // UUIDv5 of the key
  Uuid target;  // the resource's id
  AliasReason reason = AliasReason::Manual;
  Instant since{};
};

// The id that the key stands for: the target of its alias, else `minted` itself.
Result<Uuid> resolve(store::Connection& connection, const Uuid& minted);
// The same for a message of an event at `at`: a merge counts from its own event on, everything else always.
Result<Uuid> resolve(store::Connection& connection, const Uuid& minted, Instant at);

// Makes or replaces the key's alias. Conflict (LT-1601) if it would close a cycle.
Result<void> set_alias(store::Transaction& transaction, const Alias& alias);
// The key stands for its minted id again; does nothing when it had no alias.
Result<void> remove_alias(store::Transaction& transaction, const Uuid& minted);

// The keys (as minted ids) that stand for `target` by an alias.
Result<std::vector<Alias>> aliases_of(store::Connection& connection, const Uuid& target);

}  // namespace lienthong::identity
