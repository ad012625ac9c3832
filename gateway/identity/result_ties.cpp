#include "gateway/identity/result_ties.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "gateway/identity/columns.h"
#include "gateway/store/sql.h"

namespace lienthong::identity {
namespace {

const store::Sql kCopy(
    "SELECT patient, at, codes, original, reason, candidates FROM result_copy WHERE copy = ?1");
const store::Sql kAddCopy(
    "INSERT INTO result_copy(copy, patient, at, codes, original, reason, candidates) "
    "VALUES (?1, ?2, ?3, ?4, 0, 0, X'')");
const store::Sql kSetKey("UPDATE result_copy SET patient = ?2, at = ?3, codes = ?4 WHERE copy = ?1");
const store::Sql kSetTie(
    "UPDATE result_copy SET original = ?2, reason = ?3, candidates = ?4 WHERE copy = ?1");
const store::Sql kDropCopy("DELETE FROM result_copy WHERE copy = ?1");
const store::Sql kAddCode(
    "INSERT OR IGNORE INTO result_copy_code(patient, code, at, copy) VALUES (?1, ?2, ?3, ?4)");
const store::Sql kDropCode(
    "DELETE FROM result_copy_code WHERE patient = ?1 AND code = ?2 AND at = ?3 AND copy = ?4");
const store::Sql kByCode(
    "SELECT copy FROM result_copy_code WHERE patient = ?1 AND code = ?2 AND at BETWEEN ?3 AND ?4");
const store::Sql kOfPatient("SELECT DISTINCT copy FROM result_copy_code WHERE patient = ?1");
const store::Sql kAnyOfPatient("SELECT 1 FROM result_copy_code WHERE patient = ?1 LIMIT 1");
const store::Sql kAny("SELECT 1 FROM result_copy_code LIMIT 1");
const store::Sql kAddCandidate("INSERT OR IGNORE INTO result_candidate(original, copy) VALUES (?1, ?2)");
const store::Sql kDropCandidate("DELETE FROM result_candidate WHERE original = ?1 AND copy = ?2");
const store::Sql kAgreeing("SELECT copy FROM result_candidate WHERE original = ?1");
const store::Sql kAddTie(
    "INSERT OR REPLACE INTO result_tie(copy, since, original, reason, until) VALUES (?1, ?2, ?3, ?4, NULL)");
const store::Sql kEndTie("UPDATE result_tie SET until = ?2 WHERE copy = ?1 AND until IS NULL");
const store::Sql kTiedAt(
    "SELECT original FROM result_tie WHERE copy = ?1 AND since <= ?2 AND (until IS NULL OR until > ?2) "
    "ORDER BY since DESC LIMIT 1");

struct Known {
  CopyKey key;
  Tie tie;
};

std::int64_t micros(Instant time) {
  return time.time_since_epoch().count();
}

Result<std::vector<std::int64_t>> all_of(store::Statement rows) {
  std::vector<std::int64_t> all;
  const auto read = collect(std::move(rows), all);
  return read ? Result<std::vector<std::int64_t>>(std::move(all)) : forward(read);
}

Result<bool> is_any(store::Statement row) {
  return row.step();
}

// False: not known.
Result<bool> load(store::Connection& connection, ResourceRow copy, Known& known) {
  store::Statement row = connection.query(kCopy, copy);
  const auto found = row.step();
  if (!found || !*found) return found;
  known.key = {row.id<ResourceRow>(0), row.integer(1), from_blob<std::uint64_t>(row.blob(2))};
  known.tie = {row.id<ResourceRow>(3), static_cast<TieReason>(row.integer(4)),
               from_blob<std::int64_t>(row.blob(5))};
  return true;
}

Result<void> change_codes(store::Transaction& transaction, const store::Sql& sql, ResourceRow copy,
                          const CopyKey& key) {
  for (const auto code : key.codes) {
    const auto done = transaction.run(sql, key.patient, static_cast<std::int64_t>(code), key.at, copy);
    if (!done) return done;
  }
  return {};
}

// What is in `from` and not in `without`.
Result<void> change_candidates(store::Transaction& transaction, const store::Sql& sql, ResourceRow copy,
                               const std::vector<std::int64_t>& from,
                               const std::vector<std::int64_t>& without) {
  for (const auto original : from) {
    if (std::binary_search(without.begin(), without.end(), original)) continue;
    if (const auto done = transaction.run(sql, original, copy); !done) return done;
  }
  return {};
}

}  // namespace

Result<void> note_copy(store::Transaction& transaction, ResourceRow copy, const CopyKey& key) {
  Known known;
  const auto found = load(transaction, copy, known);
  if (!found) return forward(found);
  const bool same =
      *found && known.key.patient == key.patient && known.key.at == key.at && known.key.codes == key.codes;
  if (same) return {};
  if (*found) {
    if (const auto dropped = change_codes(transaction, kDropCode, copy, known.key); !dropped) return dropped;
  }
  const auto written =
      transaction.run(*found ? kSetKey : kAddCopy, copy, key.patient, key.at, as_blob(key.codes));
  return written ? change_codes(transaction, kAddCode, copy, key) : written;
}

Result<bool> forget_copy(store::Transaction& transaction, ResourceRow copy, Instant now) {
  Known known;
  const auto found = load(transaction, copy, known);
  if (!found || !*found) return found;
  const auto untied = set_tie(transaction, copy, Tie{}, now);
  if (!untied) return forward(untied);
  if (const auto dropped = change_codes(transaction, kDropCode, copy, known.key); !dropped)
    return forward(dropped);
  if (const auto dropped = transaction.run(kDropCopy, copy); !dropped) return forward(dropped);
  return untied->was_tied;
}

Result<std::vector<std::int64_t>> copies_of(store::Connection& connection, ResourceRow patient,
                                            std::uint64_t code, std::int64_t from, std::int64_t to) {
  return all_of(connection.query(kByCode, patient, static_cast<std::int64_t>(code), from, to));
}

Result<std::vector<std::int64_t>> copies_of(store::Connection& connection, ResourceRow patient) {
  return all_of(connection.query(kOfPatient, patient));
}

Result<std::vector<std::int64_t>> copies_agreeing(store::Connection& connection, ResourceRow original) {
  return all_of(connection.query(kAgreeing, original));
}

Result<bool> has_copies(store::Connection& connection, ResourceRow patient) {
  return is_any(connection.query(kAnyOfPatient, patient));
}

Result<bool> has_copies(store::Connection& connection) {
  return is_any(connection.statement(kAny));
}

Result<TieChange> set_tie(store::Transaction& transaction, ResourceRow copy, const Tie& tie, Instant now) {
  TieChange change;
  Known known;
  const auto found = load(transaction, copy, known);
  if (!found) return forward(found);
  if (!*found) return change;
  const Tie& before = known.tie;
  change.was_tied = before.original != ResourceRow{};
  change.original = before.original != tie.original;
  change.reason = before.reason != tie.reason;
  if (!change.original && !change.reason && before.candidates == tie.candidates) return change;
  auto done = change_candidates(transaction, kDropCandidate, copy, before.candidates, tie.candidates);
  if (done) done = change_candidates(transaction, kAddCandidate, copy, tie.candidates, before.candidates);
  if (done) done = transaction.run(kSetTie, copy, tie.original, tie.reason, as_blob(tie.candidates));
  if (done && change.was_tied && change.original) done = transaction.run(kEndTie, copy, micros(now));
  const bool begins = change.original && tie.original != ResourceRow{};
  if (done && begins) done = transaction.run(kAddTie, copy, micros(now), tie.original, tie.reason);
  return done ? Result<TieChange>(change) : forward(done);
}

Result<ResourceRow> original_of(store::Connection& connection, ResourceRow copy, Instant at) {
  store::Statement row = connection.query(kTiedAt, copy, micros(at));
  const auto found = row.step();
  if (!found) return forward(found);
  return *found ? row.id<ResourceRow>(0) : ResourceRow{};
}

}  // namespace lienthong::identity
