#include "gateway/identity/links.h"

#define XXH_INLINE_ALL  // hashes of short keys: faster than a call
#include <xxhash.h>

#include <algorithm>
#include <sstream>

#include "gateway/identity/columns.h"
#include "gateway/store/sql.h"

namespace lienthong::identity {
namespace {

const store::Sql kHashesOf("SELECT hashes FROM person WHERE patient = ?1");
const store::Sql kSetHashes("INSERT OR REPLACE INTO person(patient, hashes) VALUES (?1, ?2)");
const store::Sql kDropHashes("DELETE FROM person WHERE patient = ?1");
const store::Sql kAddKey("INSERT OR IGNORE INTO person_key(hash, patient) VALUES (?1, ?2)");
const store::Sql kDropKey("DELETE FROM person_key WHERE hash = ?1 AND patient = ?2");
const store::Sql kSamePerson("SELECT patient FROM person_key WHERE hash = ?1 AND patient <> ?2 LIMIT ?3");
const store::Sql kInForce("SELECT other FROM link WHERE patient = ?1 AND reason = ?2 AND until IS NULL");
const store::Sql kAddLink(
    "INSERT OR REPLACE INTO link(patient, other, reason, since, until) VALUES (?1, ?2, ?3, ?4, NULL)");
const store::Sql kEndLink(
    "UPDATE link SET until = ?4 WHERE patient = ?1 AND other = ?2 AND reason = ?3 AND until IS NULL");
const store::Sql kLinksAt(
    "SELECT other, reason, since, until FROM link WHERE patient = ?1 AND since <= ?2 "
    "AND (until IS NULL OR until > ?2) ORDER BY other, reason");

// More people of the same name, sex, birth date and citizen id are a broken feed, not a person.
constexpr std::int64_t kMostLinks = 100;
constexpr std::int64_t kNow = INT64_MAX;

using Hashes = std::vector<std::int64_t>;  // sorted, each once

// The words of a name in one order: feeds differ in whether the family name comes first.
std::string sorted_words(const std::string& name) {
  std::istringstream in(name);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(std::move(word));
  std::sort(words.begin(), words.end());
  std::string joined;
  for (const auto& word : words) joined.append(word).append(" ");
  return joined;
}

Hashes hashes_of(const PersonFacts& facts) {
  Hashes hashes;
  if (facts.gender.empty() || facts.birth_date.empty()) return hashes;
  for (const auto& citizen : facts.citizen_ids) {
    for (const auto& name : facts.names) {
      const std::string all =
          citizen + '|' + sorted_words(name) + '|' + facts.gender + '|' + facts.birth_date;
      hashes.push_back(static_cast<std::int64_t>(XXH3_64bits(all.data(), all.size())));
    }
  }
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

Result<Hashes> stored_hashes(store::Connection& connection, ResourceRow patient) {
  store::Statement found = connection.query(kHashesOf, patient);
  const auto row = found.step();
  if (!row) return forward(row);
  return *row ? from_blob<std::int64_t>(found.blob(0)) : Hashes();
}

Result<void> replace_keys(store::Transaction& transaction, ResourceRow patient, const Hashes& before,
                          const Hashes& after) {
  for (const auto hash : before) {
    if (const auto dropped = transaction.run(kDropKey, hash, patient); !dropped) return dropped;
  }
  for (const auto hash : after) {
    if (const auto added = transaction.run(kAddKey, hash, patient); !added) return added;
  }
  if (after.empty()) return transaction.run(kDropHashes, patient);
  return transaction.run(kSetHashes, patient, as_blob(after));
}

void sort_unique(std::vector<std::int64_t>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

Result<void> set_link(store::Transaction& transaction, const LinkChange& change, LinkReason reason,
                      Instant now) {
  const std::int64_t at = now.time_since_epoch().count();
  const auto one =
      transaction.run(change.made ? kAddLink : kEndLink, change.patient, change.other, reason, at);
  if (!one) return one;
  return transaction.run(change.made ? kAddLink : kEndLink, change.other, change.patient, reason, at);
}

Result<void> apply_difference(store::Transaction& transaction, ResourceRow patient,
                              const std::vector<std::int64_t>& before, const std::vector<std::int64_t>& after,
                              Instant now, std::vector<LinkChange>& changes) {
  for (const auto other : before) {
    if (!std::binary_search(after.begin(), after.end(), other)) changes.push_back({patient, {other}, false});
  }
  for (const auto other : after) {
    if (!std::binary_search(before.begin(), before.end(), other)) changes.push_back({patient, {other}, true});
  }
  for (const auto& change : changes) {
    if (const auto set = set_link(transaction, change, LinkReason::Agreement, now); !set) return set;
  }
  return {};
}

}  // namespace

Result<std::vector<LinkChange>> update_links(store::Transaction& transaction, ResourceRow patient,
                                             const PersonFacts& facts, Instant now) {
  std::vector<LinkChange> changes;
  const Hashes after = hashes_of(facts);
  const auto before = stored_hashes(transaction, patient);
  if (!before) return forward(before);
  if (*before == after) return changes;
  if (const auto replaced = replace_keys(transaction, patient, *before, after); !replaced)
    return forward(replaced);
  std::vector<std::int64_t> linked, same;
  const auto in_force = collect(transaction.query(kInForce, patient, LinkReason::Agreement), linked);
  if (!in_force) return forward(in_force);
  for (const auto hash : after) {
    const auto others = collect(transaction.query(kSamePerson, hash, patient, kMostLinks), same);
    if (!others) return forward(others);
  }
  sort_unique(linked);
  sort_unique(same);
  const auto done = apply_difference(transaction, patient, linked, same, now, changes);
  if (!done) return forward(done);
  return changes;
}

Result<void> make_link(store::Transaction& transaction, ResourceRow one, ResourceRow other, Instant now) {
  return set_link(transaction, {one, other, true}, LinkReason::Manual, now);
}

Result<void> end_link(store::Transaction& transaction, ResourceRow one, ResourceRow other, Instant now) {
  return set_link(transaction, {one, other, false}, LinkReason::Manual, now);
}

Result<std::vector<Link>> links_of(store::Connection& connection, ResourceRow patient, Instant at) {
  const std::int64_t when = at == Instant{} ? kNow : at.time_since_epoch().count();
  store::Statement rows = connection.query(kLinksAt, patient, when);
  std::vector<Link> links;
  for (;;) {
    const auto row = rows.step();
    if (!row) return forward(row);
    if (!*row) return links;
    const auto instant = [&](int column) { return Instant(std::chrono::microseconds(rows.integer(column))); };
    links.push_back(
        {patient, rows.id<ResourceRow>(0), static_cast<LinkReason>(rows.integer(1)), instant(2), instant(3)});
  }
}

}  // namespace lienthong::identity
