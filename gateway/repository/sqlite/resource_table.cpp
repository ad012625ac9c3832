#include "gateway/repository/sqlite/resource_table.h"

#define XXH_INLINE_ALL  // hashes of short keys: faster than a call
#include <xxhash.h>

#include <algorithm>
#include <charconv>

#include "gateway/identity/result_ties.h"
#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/key_values.h"
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
const store::Sql kRecord("SELECT " LT_HEAD ", idx, state, body FROM resource WHERE row = ?1");
const store::Sql kShown("SELECT " LT_HEAD ", body FROM resource WHERE row = ?1");
#undef LT_HEAD
const store::Sql kInsert(
    "INSERT INTO resource(row, type, id, version, updated, change, flags, lane, owner, sequence, claim, "
    "source, idx, "
    "state, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)");
const store::Sql kUpdate(
    "UPDATE resource SET version = ?2, updated = ?3, change = ?4, flags = ?5, lane = ?6, owner = ?7, "
    "sequence = ?8, "
    "claim = ?9, source = ?10, idx = ?11, state = ?12, body = ?13 WHERE row = ?1");
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
const store::Sql kKeys("SELECT idx FROM resource WHERE row = ?1");
const store::Sql kSetKeys("UPDATE resource SET idx = ?2 WHERE row = ?1");
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

// "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
bool is_version_7(std::string_view id) {
  return id.size() == kUuidTextSize && id[8] == '-' && id[13] == '-' && id[14] == '7';
}

// Milliseconds: its first 12 digits.
std::optional<std::uint64_t> version_7_time(std::string_view id) {
  std::uint64_t high = 0, low = 0;
  const auto first = std::from_chars(id.data(), id.data() + 8, high, 16);
  const auto second = std::from_chars(id.data() + 9, id.data() + 13, low, 16);
  if (first.ptr != id.data() + 8 || second.ptr != id.data() + 13) return std::nullopt;
  return high << 16 | low;
}

Result<std::optional<Head>> find_by_hash(store::Connection& connection, TypeNumber type, std::string_view id,
                                         std::uint64_t hash) {
  const StoredId stored(id);
  store::Statement row = connection.statement(kFind);
  row.bind(1, static_cast<std::int64_t>(hash));
  row.bind(2, type);
  stored.bind(row, 3);
  const auto found = row.step();
  if (!found) return forward(found);
  if (!*found) return std::optional<Head>();
  Head head;
  read_head(row, head);
  return std::optional<Head>(std::move(head));
}

std::string job_key(TypeNumber type, std::string_view id) {
  return std::string(id).append("/").append(std::to_string(type));
}

}  // namespace

std::uint64_t plain_id_hash(TypeNumber type, std::string_view id) noexcept {
  return XXH3_64bits_withSeed(id.data(), id.size(), type);
}

std::uint64_t id_hash(TypeNumber type, std::string_view id) noexcept {
  constexpr std::uint64_t kHashBits = (std::uint64_t{1} << 24) - 1;
  const std::uint64_t hash = plain_id_hash(type, id);
  const auto time = is_version_7(id) ? version_7_time(id) : std::nullopt;
  return time ? (*time >> 8) << 24 | (hash & kHashBits) : hash;
}

Result<std::optional<Head>> find_head(store::Connection& connection, TypeNumber type, std::string_view id) {
  auto head = find_by_hash(connection, type, id, id_hash(type, id));
  if (!head || *head || !is_version_7(id)) return head;
  return find_by_hash(connection, type, id, plain_id_hash(type, id));  // in a store not yet brought along
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

Result<Record> load_shown(store::Connection& connection, ResourceRow number) {
  store::Statement row = connection.query(kShown, number);
  const auto found = row.step();
  if (!found) return forward(found);
  if (!*found) return no_such_row();
  Record record;
  read_head(row, record);
  record.body = row.blob(12);
  return record;
}

Result<void> ResourceTable::begin(store::Transaction& transaction, Instant now) {
  job_rows_.clear();
  tie_notes_.clear();
  if (!hooked_) after_rollback();  // the last job may have been undone: nobody told
  if (next_row_ == 0) {
    if (const auto loaded = load_counters(transaction, now); !loaded) return loaded;
  }
  // Milliseconds, as meta.lastUpdated shows them: what a client reads it can search for.
  now_ = std::max<Instant>(now_, std::chrono::floor<std::chrono::milliseconds>(now));
  return {};
}

Result<void> ResourceTable::load_counters(store::Transaction& transaction, Instant now) {
  store::Statement last = transaction.statement(kLastRow);
  if (const auto row = last.step(); !row) return forward(row);
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
  const auto copies = identity::has_copies(transaction);
  if (!copies) return forward(copies);
  has_copies_ |= *copies;
  next_row_ = last.integer(0) + 1;
  return {};
}

Result<void> ResourceTable::end(store::Transaction& transaction) {
  return hooked_ ? Result<void>() : flush(transaction);
}

Result<void> ResourceTable::flush(store::Transaction& transaction) {
  std::sort(totals_.begin(), totals_.end());
  for (std::size_t i = 0; i < totals_.size();) {
    const TypeNumber type = totals_[i].first;
    std::int64_t change = 0;
    for (; i < totals_.size() && totals_[i].first == type; ++i) change += totals_[i].second;
    if (change == 0) continue;
    if (const auto written = transaction.run(kTotal, type, change); !written) return written;
  }
  totals_.clear();
  return keys_.flush(transaction);
}

void ResourceTable::undo_to(const Mark& mark) {
  keys_.undo_to(mark.keys);
  totals_.resize(std::min(totals_.size(), mark.totals));
  job_rows_.clear();
}

void ResourceTable::before_job() {
  hooked_ = true;
  job_mark_ = mark();
}

void ResourceTable::after_rollback() {
  keys_.forget();
  totals_.clear();
  job_rows_.clear();
}

ResourceRow ResourceTable::reserve(TypeNumber type, std::string_view id) {
  const auto [place, fresh] = job_rows_.try_emplace(job_key(type, id), 0);
  if (fresh) place->second = next_row_++;
  return {place->second};
}

void ResourceTable::note_row(TypeNumber type, std::string_view id, ResourceRow row) {
  job_rows_.emplace(job_key(type, id), row.value);
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
                                          const ResourceKeys& keys) {
  const bool had_version = previous != nullptr && (previous->flags & kPlaceholder) == 0;
  const bool was_live = previous != nullptr && previous->live();
  record.version = had_version ? previous->version + 1 : 1;
  record.updated = now_;
  record.change = next_change_++;
  record.flags &= ~static_cast<std::uint32_t>(kPlaceholder | kCreated);
  if (!was_live && !record.deleted()) record.flags |= kCreated;
  if (!record.deleted()) {
    record.flags &= ~static_cast<std::uint32_t>(kTest | kClaimsCopy | kMadeUp);
    record.flags |= keys.tags;
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
    const auto before = decode_keys(previous_keys);
    if (!before) return forward(before);
    const auto replaced = keys_.replace(transaction, record.row.value, *before, *resolved);
    if (!replaced) return replaced;
  }
  totals_.emplace_back(record.type, (record.live() ? 1 : 0) - (was_live ? 1 : 0));
  note_result(record, previous);
  return write_change(transaction, record);
}

// Semantics 16, 17. Most stores have no copy, and then there is nothing to be judged.
void ResourceTable::note_result(const Record& record, const Head* previous) {
  static const TypeNumber kObservation = type_number("Observation");
  if (record.type != kObservation) return;
  const std::uint32_t before = previous != nullptr && previous->live() ? previous->flags : 0;
  const std::uint32_t after = record.live() ? record.flags : 0;
  const bool is_copy = (after & kClaimsCopy) != 0, was_copy = (before & kClaimsCopy) != 0;
  const auto count = [this](TypeNumber total, bool is, bool was) {
    if (is != was) totals_.emplace_back(total, is ? 1 : -1);
  };
  count(kCopiesTotal, is_copy, was_copy);
  count(kMadeUpTotal, (after & kMadeUp) != 0 && !is_copy, (before & kMadeUp) != 0 && !was_copy);
  has_copies_ |= is_copy;
  if (!has_copies_) return;
  tie_notes_.results.push_back({record.row, is_copy, was_copy, record.version == 1});
}

Result<void> ResourceTable::touch(store::Transaction& transaction, Head& head, const MessageNumber& source) {
  if (const auto kept = transaction.run(kToHistory, head.row); !kept) return kept;
  if (const auto moved = move_source(transaction, head, source); !moved) return moved;
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

// The one key that a version has of its own when the content stays.
Result<void> ResourceTable::move_source(store::Transaction& transaction, const Head& head,
                                        const MessageNumber& source) {
  if (head.source == source) return {};
  std::string bytes;
  {
    store::Statement row = transaction.query(kKeys, head.row);
    const auto found = row.step();
    if (!found) return forward(found);
    bytes = row.blob(0);
  }
  const auto before = decode_keys(bytes);
  if (!before) return forward(before);
  StoredKeys after = *before;
  std::erase_if(after.postings, [](const PostingKey& key) { return key.parameter == kSourceRows; });
  if (source.value != Uuid{}) after.postings.push_back({kSourceRows, source_value(source.value)});
  after.normalize();
  const auto written = transaction.run(kSetKeys, head.row, store::Blob{encode_keys(after)});
  return written ? keys_.replace(transaction, head.row.value, *before, after) : written;
}

Result<void> ResourceTable::write_state(store::Transaction& transaction, const Head& head,
                                        std::string_view state) {
  return transaction.run(kState, head.row, head.flags, static_cast<std::int64_t>(head.claim),
                         store::Blob{state}, head.owner, head.sequence);
}

Result<ResourceRow> ResourceTable::row_of(store::Transaction& transaction, TypeNumber type,
                                          std::string_view id) {
  std::string key = job_key(type, id);
  if (const auto known = job_rows_.find(key); known != job_rows_.end()) return ResourceRow{known->second};
  const auto head = find_head(transaction, type, id);
  if (!head) return forward(head);
  if (*head) {
    job_rows_.emplace(std::move(key), (*head)->row.value);
    return (*head)->row;
  }
  Record placeholder;
  placeholder.row = new_row();
  placeholder.type = type;
  placeholder.id = id;
  placeholder.flags = kPlaceholder;
  if (const auto inserted = insert_row(transaction, placeholder); !inserted) return forward(inserted);
  job_rows_.emplace(std::move(key), placeholder.row.value);
  return placeholder.row;
}

Result<StoredKeys> ResourceTable::resolve(store::Transaction& transaction, const ResourceKeys& keys,
                                          const Head& head) {
  StoredKeys stored;
  stored.postings = keys.postings;
  if (head.live()) stored.postings.push_back({kTypeRows, head.type});
  if (head.live() && head.source.value != Uuid{})
    stored.postings.push_back({kSourceRows, source_value(head.source.value)});
  for (const auto& token : keys.tokens) {
    const auto number =
        keys_.code_number(transaction, token.parameter, keys.text(token.system), keys.text(token.code));
    if (!number) return forward(number);
    stored.postings.push_back({token.parameter, *number});
  }
  for (const auto& reference : keys.references) {
    // A resource that refers to itself has no row yet.
    const std::string_view id = keys.text(reference.id);
    const bool self = reference.type == head.type && id == head.id;
    const auto row = self ? Result<ResourceRow>(head.row) : row_of(transaction, reference.type, id);
    if (!row) return forward(row);
    stored.postings.push_back({reference.parameter, row->value});
  }
  for (const auto& text : keys.strings)
    stored.strings.push_back({text.parameter, std::string(keys.text(text.folded))});
  stored.unique = keys.unique;
  stored.normalize();
  return stored;
}

}  // namespace lienthong::repository::sqlite
