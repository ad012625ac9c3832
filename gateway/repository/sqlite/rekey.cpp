// Search keys made anew, in slices, for stores whose keys were made by other rules: an earlier version of the
// program, another zone, other search parameters. What a row says of its keys is taken away, so it does not
// matter how far a former round came.
#include <charconv>
#include <chrono>

#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/resource_table.h"
#include "gateway/store/sql.h"
#include "gateway/store/values.h"

namespace lienthong::repository::sqlite {
namespace {

constexpr std::string_view kFingerprint = "repository.keys";  // of the keys that are being made or are there
constexpr std::string_view kPosition = "repository.rekey_row";  // absent: all are there
constexpr auto kSlice = std::chrono::milliseconds(8);

const store::Sql kNextRow("SELECT row FROM resource WHERE row >= ?1 ORDER BY row LIMIT 1");
const store::Sql kSetKeys("UPDATE resource SET idx = ?2, keys = NULL WHERE row = ?1");
const store::Sql kAddId("INSERT OR IGNORE INTO ids(hash, row) VALUES (?1, ?2)");
const store::Sql kDropId("DELETE FROM ids WHERE hash = ?1 AND row = ?2");

Result<std::optional<std::int64_t>> next_row(store::Connection& connection, std::int64_t from) {
  store::Statement row = connection.query(kNextRow, from);
  const auto found = row.step();
  if (!found) return forward(found);
  return *found ? std::optional<std::int64_t>(row.integer(0)) : std::nullopt;
}

Result<void> renew_id(store::Transaction& transaction, const Head& head) {
  const std::uint64_t hash = id_hash(head.type, head.id), plain = plain_id_hash(head.type, head.id);
  if (hash == plain) return {};
  const auto added = transaction.run(kAddId, static_cast<std::int64_t>(hash), head.row);
  return added ? transaction.run(kDropId, static_cast<std::int64_t>(plain), head.row) : added;
}

}  // namespace

Result<bool> keys_are_current(store::Connection& connection, const KeyScheme& scheme) {
  const auto stored = store::get_value(connection, kFingerprint);
  if (!stored) return forward(stored);
  if (*stored && **stored != std::to_string(scheme.fingerprint())) return false;
  const auto position = store::get_value(connection, kPosition);
  return position ? Result<bool>(!position->has_value()) : forward(position);
}

// 0: nothing is left.
Result<std::int64_t> ResourceTable::first_to_rekey(store::Transaction& transaction) {
  const std::string wanted = std::to_string(scheme_->fingerprint());
  const auto stored = store::get_value(transaction, kFingerprint);
  if (!stored) return forward(stored);
  if (*stored != wanted) {
    const auto set = store::set_value(transaction, kFingerprint, wanted);
    const auto begun = set ? store::set_value(transaction, kPosition, "1") : set;
    return begun ? Result<std::int64_t>(1) : forward(begun);
  }
  const auto position = store::get_value(transaction, kPosition);
  if (!position) return forward(position);
  std::int64_t row = 0;
  if (*position) std::from_chars((*position)->data(), (*position)->data() + (*position)->size(), row);
  return row;
}

Result<bool> ResourceTable::rekey_slice(store::Transaction& transaction) {
  const auto until = std::chrono::steady_clock::now() + kSlice;
  const auto first = first_to_rekey(transaction);
  if (!first) return forward(first);
  if (*first == 0) return false;
  std::int64_t at = *first;
  do {
    const auto row = next_row(transaction, at);
    if (!row) return forward(row);
    if (!*row) {
      const auto ended = store::remove_value(transaction, kPosition);
      return ended ? Result<bool>(false) : forward(ended);
    }
    const auto record = load_record(transaction, {**row});
    if (!record) return forward(record);
    if (const auto done = rekey(transaction, *record); !done) return forward(done);
    at = **row + 1;
  } while (std::chrono::steady_clock::now() < until);
  const auto noted = store::set_value(transaction, kPosition, std::to_string(at));
  return noted ? Result<bool>(true) : forward(noted);
}

Result<void> ResourceTable::rekey(store::Transaction& transaction, const Record& record) {
  if (const auto renewed = renew_id(transaction, record); !renewed) return renewed;
  const auto before = decode_keys(record.keys);
  if (!before) return forward(before);
  StoredKeys after;
  if (record.live()) {
    const auto body = unpack(record.body);
    if (!body) return forward(body);
    auto resolved = resolve(transaction, thread_key_maker(scheme_).make(record.type, *body), record);
    if (!resolved) return forward(resolved);
    after = std::move(*resolved);
  }
  const auto written = transaction.run(kSetKeys, record.row, store::Blob{encode_keys(after)});
  return written ? keys_.replace(transaction, record.row.value, *before, after) : written;
}

}  // namespace lienthong::repository::sqlite
