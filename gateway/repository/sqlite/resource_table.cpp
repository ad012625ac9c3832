#include "gateway/repository/sqlite/resource_table.h"

#define XXH_INLINE_ALL  // hashes of short keys: faster than a call
#include <xxhash.h>

#include <algorithm>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/stored_id.h"
#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

#define LT_HEAD "row, type, id, version, updated, change, flags, lane, owner, sequence, claim, source"
const store::Sql kFind(
    "SELECT r.row, r.type, r.id, r.version, r.updated, r.change, r.flags, r.lane, r.owner, r.sequence, "
    "r.claim, "
    "r.source FROM ids CROSS JOIN resource r ON r.row = ids.row WHERE ids.hash = ?1 AND r.type = ?2 AND r.id "
    "= ?3");
const store::Sql kHead("SELECT " LT_HEAD " FROM resource WHERE row = ?1");
const store::Sql kRecord("SELECT " LT_HEAD ", keys, state, body FROM resource WHERE row = ?1");
#undef LT_HEAD
const store::Sql kInsert(
    "INSERT INTO resource(row, type, id, version, updated, change, flags, lane, owner, sequence, claim, "
    "source, keys, "
    "state, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)");
const store::Sql kUpdate(
    "UPDATE resource SET version = ?2, updated = ?3, change = ?4, flags = ?5, lane = ?6, owner = ?7, "
    "sequence = ?8, "
    "claim = ?9, source = ?10, keys = ?11, state = ?12, body = ?13 WHERE row = ?1");
const store::Sql kTouch(
    "UPDATE resource SET version = ?2, updated = ?3, change = ?4, flags = ?5, source = ?6 WHERE row = ?1");
const store::Sql kState(
    "UPDATE resource SET flags = ?2, claim = ?3, state = ?4, owner = ?5, sequence = ?6 WHERE row = ?1");
const store::Sql kToHistory(
    "INSERT OR REPLACE INTO history(row, version, updated, flags, source, body) "
    "SELECT row, version, updated, flags, source, body FROM resource WHERE row = ?1");
const store::Sql kAddId("INSERT INTO ids(hash, row) VALUES (?1, ?2)");
const store::Sql kAddChange(
    "INSERT INTO change(type, change, row, version, updated) VALUES (?1, ?2, ?3, ?4, ?5)");
const store::Sql kAddUnique("INSERT OR IGNORE INTO uniq(hash, row) VALUES (?1, ?2)");
const store::Sql kDropUnique("DELETE FROM uniq WHERE hash = ?1 AND row = ?2");
const store::Sql kAddReference("INSERT OR IGNORE INTO ref(param, target, type, row) VALUES (?1, ?2, ?3, ?4)");
const store::Sql kDropReference(
    "DELETE FROM ref WHERE param = ?1 AND target = ?2 AND type = ?3 AND row = ?4");
const store::Sql kTotal(
    "INSERT INTO type_total(type, live) VALUES (?1, ?2) ON CONFLICT(type) DO UPDATE SET live = live + ?2");
const store::Sql kLastRow("SELECT max(row) FROM resource");
const store::Sql kLastChange(
    "SELECT change, updated FROM change WHERE type = ?1 ORDER BY change DESC LIMIT 1");

void read_head(const store::Statement& row, Head& head) {
  head.row = row.id<ResourceRow>(0);
  head.type = static_cast<TypeNumber>(row.integer(1));
  head.id = id_text(row.blob(2));
  head.version = static_cast<std::uint32_t>(row.integer(3));
  head.updated = Instant(std::chrono::microseconds(row.integer(4)));
  head.change = row.integer(5);
  head.flags = static_cast<std::uint32_t>(row.integer(6));
  head.lane = row.id<ResourceRow>(7);
  head.owner = row.id<FacilityId>(8);
  head.sequence = row.integer(9);
  head.claim = static_cast<std::uint64_t>(row.integer(10));
  head.source.value = row.uuid(11);
}

Failure no_such_row() {
  return fail(Category::NotFound, kNoSuchResource, "There is no such resource.");
}

std::int64_t micros(Instant time) {
  return time.time_since_epoch().count();
}

}  // namespace

std::uint64_t id_hash(TypeNumber type, std::string_view id) noexcept {
  return XXH3_64bits_withSeed(id.data(), id.size(), type);
}

std::int64_t url_target(std::string_view url) noexcept {
  return -1 - static_cast<std::int64_t>(XXH3_64bits(url.data(), url.size()) >> 1);
}

Result<std::optional<Head>> find_head(store::Connection& connection, TypeNumber type, std::string_view id) {
  const StoredId stored(id);
  store::Statement row = connection.statement(kFind);
  row.bind(1, static_cast<std::int64_t>(id_hash(type, id)));
  row.bind(2, type);
  stored.bind(row, 3);
  const auto found = row.step();
  if (!found) return forward(found);
  if (!*found) return std::optional<Head>();
  Head head;
  read_head(row, head);
  return std::optional<Head>(std::move(head));
}

Result<Head> load_head(store::Connection& connection, ResourceRow number) {
  store::Statement row = connection.query(kHead, number);
  const auto found = row.step();
  if (!found) return forward(found);
  if (!*found) return no_such_row();
  Head head;
  read_head(row, head);
  return head;
}

Result<Record> load_record(store::Connection& connection, ResourceRow number) {
  store::Statement row = connection.query(kRecord, number);
  const auto found = row.step();
  if (!found) return forward(found);
  if (!*found) return no_such_row();
  Record record;
  read_head(row, record);
  record.keys = row.blob(12);
  record.state = row.blob(13);
  record.body = row.blob(14);
  return record;
}

Result<void> ResourceTable::begin(store::Transaction& transaction, Instant now) {
  totals_.clear();
  if (next_row_ == 0) {
    store::Statement last = transaction.statement(kLastRow);
    if (const auto row = last.step(); !row) return forward(row);
    next_row_ = last.integer(0) + 1;
    for (TypeNumber type = 1; type <= type_count(); ++type) {
      store::Statement change = transaction.query(kLastChange, type);
      const auto row = change.step();
      if (!row) return forward(row);
      if (!*row) continue;
      next_change_ = std::max(next_change_, change.integer(0) + 1);
      now_ = std::max(now_, Instant(std::chrono::microseconds(change.integer(1))));
    }
    // A store restored from a backup would give numbers anew that its receivers have seen, and be refused as
    // old (semantics 5). Starting at the time's microseconds, it is above all that were given before: nobody
    // writes a million versions a second.
    next_change_ = std::max(next_change_, micros(now));
  }
  // Milliseconds, as meta.lastUpdated shows them: what a client reads it can search for.
  now_ = std::max<Instant>(now_, std::chrono::floor<std::chrono::milliseconds>(now));
  return {};
}

Result<void> ResourceTable::end(store::Transaction& transaction) {
  for (const auto& [type, change] : totals_) {
    if (change == 0) continue;
    if (const auto written = transaction.run(kTotal, type, change); !written) return written;
  }
  totals_.clear();
  return {};
}

Result<void> ResourceTable::insert_row(store::Transaction& transaction, const Record& record) {
  const StoredId stored(record.id);
  store::Statement row = transaction.statement(kInsert);
  row.bind_all(record.row, record.type);
  stored.bind(row, 3);
  row.bind(4, record.version);
  row.bind(5, micros(record.updated));
  row.bind(6, record.change);
  row.bind(7, record.flags);
  row.bind(8, record.lane);
  row.bind(9, record.owner);
  row.bind(10, record.sequence);
  row.bind(11, static_cast<std::int64_t>(record.claim));
  if (record.source.value != Uuid{}) row.bind(12, record.source);
  row.bind(13, store::Blob{record.keys});
  row.bind(14, store::Blob{record.state});
  row.bind(15, store::Blob{record.body});
  if (const auto inserted = row.run(); !inserted) return inserted;
  return transaction.run(kAddId, static_cast<std::int64_t>(id_hash(record.type, record.id)), record.row);
}

Result<void> ResourceTable::update_row(store::Transaction& transaction, const Record& record) {
  store::Statement row = transaction.statement(kUpdate);
  row.bind_all(record.row, record.version, micros(record.updated), record.change, record.flags, record.lane,
               record.owner, record.sequence, static_cast<std::int64_t>(record.claim));
  if (record.source.value != Uuid{}) row.bind(10, record.source);
  row.bind(11, store::Blob{record.keys});
  row.bind(12, store::Blob{record.state});
  row.bind(13, store::Blob{record.body});
  return row.run();
}

Result<void> ResourceTable::write_change(store::Transaction& transaction, const Head& head) {
  return transaction.run(kAddChange, head.type, head.change, head.row, head.version, micros(head.updated));
}

Result<void> ResourceTable::write_version(store::Transaction& transaction, Record& record,
                                          const Head* previous, std::string_view previous_keys,
                                          const Keys& keys) {
  const bool had_version = previous != nullptr && (previous->flags & kPlaceholder) == 0;
  const bool was_live = previous != nullptr && previous->live();
  record.version = had_version ? previous->version + 1 : 1;
  record.updated = now_;
  record.change = next_change_++;
  record.flags &= ~static_cast<std::uint32_t>(kPlaceholder | kCreated);
  if (!was_live && !record.deleted()) record.flags |= kCreated;
  if (!record.deleted()) {
    record.flags &= ~static_cast<std::uint32_t>(kTest);
    if (keys.test) record.flags |= kTest;
  }
  versions_.fetch_add(1, std::memory_order_relaxed);
  const auto resolved = resolve(transaction, keys, record);
  if (!resolved) return forward(resolved);
  record.keys = encode_keys(*resolved);
  if (had_version) {
    if (const auto kept = transaction.run(kToHistory, record.row); !kept) return kept;
  }
  const auto written =
      previous == nullptr ? insert_row(transaction, record) : update_row(transaction, record);
  if (!written) return written;
  if (record.keys != previous_keys) {
    const auto replaced = replace_keys(transaction, record, decode_keys(previous_keys), *resolved);
    if (!replaced) return replaced;
  }
  totals_[record.type] += (record.live() ? 1 : 0) - (was_live ? 1 : 0);
  return write_change(transaction, record);
}

Result<void> ResourceTable::touch(store::Transaction& transaction, Head& head, const MessageNumber& source) {
  if (const auto kept = transaction.run(kToHistory, head.row); !kept) return kept;
  ++head.version;
  versions_.fetch_add(1, std::memory_order_relaxed);
  head.updated = now_;
  head.change = next_change_++;
  head.flags &= ~static_cast<std::uint32_t>(kCreated);
  head.source = source;
  const auto touched = transaction.run(kTouch, head.row, head.version, micros(head.updated), head.change,
                                       head.flags, head.source);
  return touched ? write_change(transaction, head) : touched;
}

Result<void> ResourceTable::write_state(store::Transaction& transaction, const Head& head,
                                        std::string_view state) {
  return transaction.run(kState, head.row, head.flags, static_cast<std::int64_t>(head.claim),
                         store::Blob{state}, head.owner, head.sequence);
}

Result<ResourceRow> ResourceTable::row_of(store::Transaction& transaction, TypeNumber type,
                                          std::string_view id) {
  const auto head = find_head(transaction, type, id);
  if (!head) return forward(head);
  if (*head) return (*head)->row;
  Record placeholder;
  placeholder.row = new_row();
  placeholder.type = type;
  placeholder.id = id;
  placeholder.flags = kPlaceholder;
  if (const auto inserted = insert_row(transaction, placeholder); !inserted) return forward(inserted);
  return placeholder.row;
}

Result<StoredKeys> ResourceTable::resolve(store::Transaction& transaction, const Keys& keys,
                                          const Head& head) {
  StoredKeys stored;
  stored.unique = keys.unique;
  for (const auto& reference : keys.references) {
    if (reference.type == 0) {
      stored.references.push_back({reference.parameter, url_target(reference.id)});
      continue;
    }
    // A resource that refers to itself has no row yet.
    const bool self = reference.type == head.type && reference.id == head.id;
    const auto row = self ? Result<ResourceRow>(head.row) : row_of(transaction, reference.type, reference.id);
    if (!row) return forward(row);
    stored.references.push_back({reference.parameter, row->value});
  }
  std::sort(stored.references.begin(), stored.references.end());
  stored.references.erase(std::unique(stored.references.begin(), stored.references.end()),
                          stored.references.end());
  return stored;
}

Result<void> ResourceTable::replace_keys(store::Transaction& transaction, const Head& head,
                                         const StoredKeys& before, const StoredKeys& after) {
  std::vector<std::uint64_t> unique;
  std::vector<StoredKeys::Reference> references;
  const auto gone = [&](const auto& from, const auto& without, auto& out) {
    out.clear();
    std::set_difference(from.begin(), from.end(), without.begin(), without.end(), std::back_inserter(out));
  };
  const auto each_unique = [&](const store::Sql& sql) -> Result<void> {
    for (const auto hash : unique) {
      if (const auto done = transaction.run(sql, static_cast<std::int64_t>(hash), head.row); !done)
        return done;
    }
    return {};
  };
  const auto each_reference = [&](const store::Sql& sql) -> Result<void> {
    for (const auto& ref : references) {
      const auto done = transaction.run(sql, ref.parameter, ref.target, head.type, head.row);
      if (!done) return done;
    }
    return {};
  };
  gone(before.unique, after.unique, unique);
  if (const auto done = each_unique(kDropUnique); !done) return done;
  gone(after.unique, before.unique, unique);
  if (const auto done = each_unique(kAddUnique); !done) return done;
  gone(before.references, after.references, references);
  if (const auto done = each_reference(kDropReference); !done) return done;
  gone(after.references, before.references, references);
  return each_reference(kAddReference);
}

}  // namespace lienthong::repository::sqlite
