#include "gateway/identity/aliases.h"

#include "gateway/identity/error_numbers.h"
#include "gateway/store/sql.h"

namespace lienthong::identity {
namespace {

const store::Sql kFind("SELECT target FROM alias WHERE minted = ?1");
const store::Sql kSet("INSERT OR REPLACE INTO alias(minted, target, reason, since) VALUES (?1, ?2, ?3, ?4)");
const store::Sql kRemove("DELETE FROM alias WHERE minted = ?1");
const store::Sql kOfTarget("SELECT minted, reason, since FROM alias WHERE target = ?1 ORDER BY minted");

constexpr int kLongestChain = 64;  // of merges of merges; longer ones are refused as cycles

}  // namespace

Result<Uuid> resolve(store::Connection& connection, const Uuid& minted) {
  Uuid id = minted;
  for (int steps = 0; steps < kLongestChain; ++steps) {
    store::Statement found = connection.query(kFind, id);
    const auto row = found.step();
    if (!row) return forward(row);
    if (!*row) return id;
    const Uuid target = found.uuid(0);
    if (target == id) return id;
    id = target;
  }
  return fail(Category::Conflict, kCycle, "A chain of aliases is too long or leads back to itself.");
}

Result<void> set_alias(store::Transaction& transaction, const Alias& alias) {
  const auto end = resolve(transaction, alias.target);
  if (!end) return forward(end);
  if (*end == alias.minted && alias.target != alias.minted) {
    return fail(Category::Conflict, kCycle, "The alias would lead back to its own key.");
  }
  return transaction.run(kSet, alias.minted, alias.target, alias.reason,
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
