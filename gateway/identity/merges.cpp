#include "gateway/identity/merges.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "gateway/identity/alias_row.h"
#include "gateway/identity/error_numbers.h"
#include "gateway/store/sql.h"

namespace lienthong::identity {
namespace {

// Of merge.state; stored, never changed.
enum class State : std::uint8_t {
  Current = 0,
  Undone = 1,    // by a person
  Refused = 2,   // would lead back
  Outdated = 3,  // the record was merged into another by a later event
};

const store::Sql kFind("SELECT state FROM merge WHERE replaced = ?1 AND at = ?2 AND survivor = ?3");
const store::Sql kInsert(
    "INSERT INTO merge(replaced, at, survivor, state, since, until) "
    "VALUES (?1, ?2, ?3, ?4, ?5, CASE ?4 WHEN 0 THEN NULL ELSE ?5 END)");
const store::Sql kIsKnown("SELECT 1 FROM merge WHERE replaced = ?1 OR survivor = ?1 LIMIT 1");
const store::Sql kAround(
    "SELECT replaced, at, survivor, state FROM merge WHERE replaced = ?1 "
    "UNION ALL SELECT replaced, at, survivor, state FROM merge WHERE survivor = ?1");
const store::Sql kBegin(
    "UPDATE merge SET state = ?4, since = ?5, until = NULL WHERE replaced = ?1 AND at = ?2 AND survivor = "
    "?3");
const store::Sql kEnd(
    "UPDATE merge SET state = ?4, until = ?5 WHERE replaced = ?1 AND at = ?2 AND survivor = ?3");
const store::Sql kSetState("UPDATE merge SET state = ?4 WHERE replaced = ?1 AND at = ?2 AND survivor = ?3");
const store::Sql kUndo(
    "UPDATE merge SET state = 1, until = coalesce(until, ?3) WHERE replaced = ?1 AND survivor = ?2 AND state "
    "<> 1");
const store::Sql kSurvivor("SELECT survivor FROM merge WHERE replaced = ?1 AND state = 0");
const store::Sql kReplaced("SELECT replaced FROM merge WHERE survivor = ?1 AND state = 0 ORDER BY replaced");
const store::Sql kDropAlias("DELETE FROM alias WHERE minted = ?1 AND reason IN (1, 2)");
const store::Sql kWith(
    "SELECT survivor, 1, at FROM merge WHERE replaced = ?1 AND since <= ?2 AND (until IS NULL OR until > ?2) "
    "UNION ALL "
    "SELECT replaced, 0, at FROM merge WHERE survivor = ?1 AND since <= ?2 AND (until IS NULL OR until > "
    "?2)");

constexpr std::size_t kMostTogether = 10'000;

std::int64_t micros(Instant time) {
  return time.time_since_epoch().count();
}

struct Row {
  Uuid replaced;
  std::int64_t at = 0;
  Uuid survivor;
  State state = State::Current;
};

bool by_time(const Row& a, const Row& b) {
  return std::tie(a.at, a.replaced, a.survivor) < std::tie(b.at, b.replaced, b.survivor);
}

Failure too_many() {
  return fail(Category::Conflict, kCycle, "Too many records were merged with one another.");
}

// Everything that hangs together with `id`, in the order of the events.
Result<std::vector<Row>> gather(store::Connection& connection, const Uuid& id) {
  std::vector<Row> rows;
  std::set<Uuid> met{id};
  std::vector<Uuid> open{id};
  while (!open.empty()) {
    const Uuid next = open.back();
    open.pop_back();
    store::Statement around = connection.query(kAround, next);
    for (auto row = around.step();; row = around.step()) {
      if (!row) return forward(row);
      if (!*row) break;
      const Row one{around.uuid(0), around.integer(1), around.uuid(2), static_cast<State>(around.integer(3))};
      for (const Uuid& end : {one.replaced, one.survivor}) {
        if (met.insert(end).second) open.push_back(end);
      }
      if (one.replaced == next) rows.push_back(one);
      if (rows.size() > kMostTogether) return too_many();
    }
  }
  std::sort(rows.begin(), rows.end(), by_time);
  return rows;
}

// Decides anew which of the merges hold.
class Settlement {
 public:
  explicit Settlement(std::vector<Row> rows) : rows_(std::move(rows)) {}

  // Writes what became another, and the aliases.
  Result<void> run(store::Transaction& transaction, Instant now) {
    std::vector<State> after(rows_.size(), State::Undone);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].state == State::Undone) continue;
      if (leads_back(rows_[i])) {
        after[i] = State::Refused;
        continue;
      }
      if (const auto earlier = current_.find(rows_[i].replaced); earlier != current_.end())
        after[earlier->second] = State::Outdated;
      current_[rows_[i].replaced] = i;
      after[i] = State::Current;
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (const auto set = change(transaction, rows_[i], after[i], now); !set) return set;
    }
    note_changes();
    return write_aliases(transaction);
  }

  void note(const Uuid& id) {
    if (std::find(changed_.begin(), changed_.end(), id) == changed_.end()) changed_.push_back(id);
  }
  std::vector<Uuid> changed() { return std::move(changed_); }

 private:
  void note_changes() {
    std::map<Uuid, Uuid> before;
    for (const Row& row : rows_) {
      if (row.state == State::Current) before[row.replaced] = row.survivor;
    }
    for (const Row& row : rows_) {
      const auto then = before.find(row.replaced);
      const auto now = current_.find(row.replaced);
      const Uuid& old_one = then == before.end() ? row.replaced : then->second;
      const Uuid& new_one = now == current_.end() ? row.replaced : rows_[now->second].survivor;
      if (old_one == new_one) continue;
      for (const Uuid& id : {row.replaced, old_one, new_one}) note(id);
    }
  }

  bool leads_back(const Row& row) const {
    Uuid id = row.survivor;
    for (std::size_t steps = 0; steps <= rows_.size(); ++steps) {
      if (id == row.replaced) return true;
      const auto next = current_.find(id);
      if (next == current_.end()) return false;
      id = rows_[next->second].survivor;
    }
    return true;
  }

  Result<void> change(store::Transaction& transaction, const Row& row, State after, Instant now) {
    if (row.state == after) return {};
    const bool began = after == State::Current, ended = row.state == State::Current;
    if (!began && !ended) return transaction.run(kSetState, row.replaced, row.at, row.survivor, after);
    return transaction.run(began ? kBegin : kEnd, row.replaced, row.at, row.survivor, after, micros(now));
  }

  Result<void> write_aliases(store::Transaction& transaction) {
    for (const Row& row : rows_) {
      if (const auto dropped = transaction.run(kDropAlias, row.replaced); !dropped) return dropped;
    }
    for (const auto& [replaced, index] : current_) {
      const Row& row = rows_[index];
      const auto reason = row.at == micros(kAlways) ? AliasReason::ChangedKey : AliasReason::Merge;
      const auto set = write_alias(transaction, row.replaced, row.survivor, reason, row.at);
      if (!set) return set;
    }
    return {};
  }

  std::vector<Row> rows_;
  std::map<Uuid, std::size_t> current_;
  std::vector<Uuid> changed_;
};

// The direct one; itself when there is none.
Result<Uuid> survivor_of_one(store::Connection& connection, const Uuid& id) {
  store::Statement found = connection.query(kSurvivor, id);
  const auto row = found.step();
  if (!row) return forward(row);
  return *row ? found.uuid(0) : id;
}

Result<bool> is_known(store::Connection& connection, const Uuid& id) {
  store::Statement row = connection.query(kIsKnown, id);
  return row.step();
}

// Decides anew after a row of `id` was added or undone.
Result<std::vector<Uuid>> settle(store::Transaction& transaction, const Uuid& id, Instant now,
                                 const std::vector<Uuid>& known_changed = {}) {
  auto rows = gather(transaction, id);
  if (!rows) return forward(rows);
  Settlement settlement(std::move(*rows));
  for (const Uuid& one : known_changed) settlement.note(one);
  if (const auto run = settlement.run(transaction, now); !run) return forward(run);
  return settlement.changed();
}

Result<void> insert(store::Transaction& transaction, const Merge& merge, State state, Instant now) {
  const std::int64_t at = micros(merge.at);
  const auto inserted = transaction.run(kInsert, merge.replaced, at, merge.survivor, state, micros(now));
  if (!inserted || state != State::Current) return inserted;
  const auto reason = merge.at == kAlways ? AliasReason::ChangedKey : AliasReason::Merge;
  return write_alias(transaction, merge.replaced, merge.survivor, reason, at);
}

Result<std::optional<State>> state_of(store::Connection& connection, const Merge& merge) {
  store::Statement found = connection.query(kFind, merge.replaced, micros(merge.at), merge.survivor);
  const auto row = found.step();
  if (!row) return forward(row);
  return *row ? std::optional(static_cast<State>(found.integer(0))) : std::nullopt;
}

}  // namespace

Result<MergeOutcome> merge(store::Transaction& transaction, const Merge& merge, Instant now) {
  MergeOutcome outcome;
  outcome.refused = merge.replaced == merge.survivor;
  if (outcome.refused) return outcome;
  const auto before = state_of(transaction, merge);
  if (!before) return forward(before);
  if (*before) {
    outcome.refused = **before == State::Refused;
    return outcome;
  }
  const auto known = is_known(transaction, merge.replaced);
  if (!known) return forward(known);
  // The usual case: nothing else is known of it, so nothing can lead back and nothing else changes.
  const auto inserted = insert(transaction, merge, *known ? State::Refused : State::Current, now);
  if (!inserted) return forward(inserted);
  outcome.changed = {merge.replaced, merge.survivor};
  if (!*known) return outcome;
  auto changed = settle(transaction, merge.replaced, now);
  if (!changed) return forward(changed);
  outcome.changed = std::move(*changed);
  const auto after = state_of(transaction, merge);
  if (!after) return forward(after);
  outcome.refused = **after == State::Refused;
  return outcome;
}

Result<std::vector<Uuid>> undo_merge(store::Transaction& transaction, const Uuid& replaced,
                                     const Uuid& survivor, Instant now) {
  const auto present = survivor_of_one(transaction, replaced);
  if (!present) return forward(present);
  const auto undone = transaction.run(kUndo, replaced, survivor, micros(now));
  if (!undone) return forward(undone);
  if (transaction.changes() == 0) return std::vector<Uuid>();
  std::vector<Uuid> changed;
  if (*present == survivor) changed = {replaced, survivor};
  return settle(transaction, replaced, now, changed);
}

Result<Uuid> survivor_of(store::Connection& connection, const Uuid& id) {
  Uuid end = id;
  for (std::size_t steps = 0; steps < kMostTogether; ++steps) {
    const auto next = survivor_of_one(connection, end);
    if (!next || *next == end) return next;
    end = *next;
  }
  return too_many();
}

Result<std::vector<Uuid>> replaced_by(store::Connection& connection, const Uuid& survivor) {
  std::vector<Uuid> found{survivor};
  for (std::size_t next = 0; next < found.size() && next < kMostTogether; ++next) {
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

Result<std::vector<MergedWith>> merged_with(store::Connection& connection, const Uuid& id, Instant seen) {
  std::vector<MergedWith> all;
  store::Statement rows = connection.query(kWith, id, micros(seen));
  for (;;) {
    const auto row = rows.step();
    if (!row) return forward(row);
    if (!*row) return all;
    all.push_back({rows.uuid(0), rows.integer(1) == 1, Instant(std::chrono::microseconds(rows.integer(2)))});
  }
}

}  // namespace lienthong::identity
