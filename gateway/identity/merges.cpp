#include "gateway/identity/merges.h"

#include "gateway/identity/aliases.h"
#include "gateway/identity/error_numbers.h"
#include "gateway/store/sql.h"

namespace lienthong::identity {
namespace {

const store::Sql kInsert(
    "INSERT OR REPLACE INTO merge(replaced, survivor, at, undone) VALUES (?1, ?2, ?3, 0)");
const store::Sql kUndo("UPDATE merge SET undone = 1 WHERE replaced = ?1 AND survivor = ?2");
const store::Sql kSurvivor(
    "SELECT survivor FROM merge WHERE replaced = ?1 AND undone = 0 ORDER BY at DESC, survivor LIMIT 1");
const store::Sql kReplaced("SELECT replaced FROM merge WHERE survivor = ?1 AND undone = 0 ORDER BY replaced");

constexpr std::size_t kLongestChain = 64;

}  // namespace

Result<void> merge(store::Transaction& transaction, const Merge& merge) {
  const auto end = survivor_of(transaction, merge.survivor);
  if (!end) return forward(end);
  if (*end == merge.replaced || merge.replaced == merge.survivor) {
    return fail(Category::Conflict, kCycle, "The merge would lead back to the replaced patient.");
  }
  const auto set = set_alias(transaction, {merge.replaced, merge.survivor, AliasReason::Merge, merge.at});
  if (!set) return set;
  return transaction.run(kInsert, merge.replaced, merge.survivor, merge.at.time_since_epoch().count());
}

Result<void> undo_merge(store::Transaction& transaction, const Uuid& replaced, const Uuid& survivor) {
  const auto undone = transaction.run(kUndo, replaced, survivor);
  if (!undone || transaction.changes() == 0) return undone;
  return remove_alias(transaction, replaced);
}

Result<Uuid> survivor_of(store::Connection& connection, const Uuid& patient) {
  Uuid id = patient;
  for (std::size_t steps = 0; steps < kLongestChain; ++steps) {
    store::Statement found = connection.query(kSurvivor, id);
    const auto row = found.step();
    if (!row) return forward(row);
    if (!*row) return id;
    id = found.uuid(0);
  }
  return fail(Category::Conflict, kCycle, "A chain of merges is too long or leads back to itself.");
}

Result<std::vector<Uuid>> replaced_by(store::Connection& connection, const Uuid& survivor) {
  std::vector<Uuid> found{survivor};
  for (std::size_t next = 0; next < found.size() && next < kLongestChain; ++next) {
    const Uuid bound = found[next];  // the list grows while its item is bound
    store::Statement rows = connection.query(kReplaced, bound);
    for (auto row = rows.step();; row = rows.step()) {
      if (!row) return forward(row);
      if (!*row) break;
      found.push_back(rows.uuid(0));
    }
  }
  found.erase(found.begin());
  return found;
}

}  // namespace lienthong::identity
