#include "gateway/identity/aliases.h"

#include "gateway/identity/alias_row.h"
#include "gateway/identity/error_numbers.h"
#include "gateway/store/sql.h"

namespace lienthong::identity {
namespace {

const store::Sql kFind("SELECT target, reason, since FROM alias WHERE minted = ?1");
// States 0 and 3 of merges.cpp: in force, or until a later event.
const store::Sql kMergedAt(
    "SELECT survivor FROM merge WHERE replaced = ?1 AND at <= ?2 AND state IN (0, 3) "
    "ORDER BY at DESC, survivor DESC LIMIT 1");
const store::Sql kSet("INSERT OR REPLACE INTO alias(minted, target, reason, since) VALUES (?1, ?2, ?3, ?4)");
const store::Sql kRemove("DELETE FROM alias WHERE minted = ?1");
const store::Sql kOfTarget("SELECT minted, reason, since FROM alias WHERE target = ?1 ORDER BY minted");

constexpr int kLongestChain = 10'000;  // of merges of merges; longer ones are refused as cycles

// One step; the id itself at the end.
Result<Uuid> target_of(store::Connection& connection, const Uuid& id, Instant at) {
  {
    store::Statement found = connection.query(kFind, id);
    const auto row = found.step();
    if (!row) return forward(row);
    if (!*row) return id;
    const bool merged = static_cast<AliasReason>(found.integer(1)) == AliasReason::Merge;
    if (!merged || found.integer(2) <= at.time_since_epoch().count()) return found.uuid(0);
  }
  store::Statement earlier = connection.query(kMergedAt, id, at.time_since_epoch().count());
  const auto row = earlier.step();
  if (!row) return forward(row);
  return *row ? earlier.uuid(0) : id;
}

}  // namespace

Result<Uuid> resolve(store::Connection& connection, const Uuid& minted) {
  return resolve(connection, minted, Instant::max());
}

Result<Uuid> resolve(store::Connection& connection, const Uuid& minted, Instant at) {
  Uuid id = minted;
  for (int steps = 0; steps < kLongestChain; ++steps) {
    const auto target = target_of(connection, id, at);
    if (!target || *target == id) return target;
    id = *target;
  }
  return fail(Category::Conflict, kCycle, "A chain of aliases is too long or leads back to itself.");
}

Result<void> write_alias(store::Transaction& transaction, const Uuid& minted, const Uuid& target,
                         AliasReason reason, std::int64_t since) {
  return transaction.run(kSet, minted, target, reason, since);
}

Result<void> set_alias(store::Transaction& transaction, const Alias& alias) {
  const auto end = resolve(transaction, alias.target);
  if (!end) return forward(end);
  if (*end == alias.minted && alias.target != alias.minted) {
    return fail(Category::Conflict, kCycle, "The alias would lead back to its own key.");
  }
  return write_alias(transaction, alias.minted, alias.target, alias.reason,
                     alias.since.time_since_epoch().count());
}

Result<void> remove_alias(store::Transaction& transaction, const Uuid& minted) {
  return transaction.run(kRemove, minted);
}

Result<std::vector<Alias>> aliases_of(store::Connection& connection, const Uuid& target) {
  std::vector<Alias> aliases;
  store::Statement rows = connection.query(kOfTarget, target);
  for (;;) {
    const auto row = rows.step();
    if (!row) return forward(row);
    if (!*row) return aliases;
    aliases.push_back({rows.uuid(0), target, static_cast<AliasReason>(rows.integer(1)),
                       Instant(std::chrono::microseconds(rows.integer(2)))});
  }
}

}  // namespace lienthong::identity
