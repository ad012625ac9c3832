#include "gateway/repository/sqlite/key_table.h"

#include <algorithm>

#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

const store::Sql kFindWord("SELECT key FROM dict WHERE param = ?1 AND code = ?2 AND system = ?3");
const store::Sql kAddWord("INSERT INTO dict(param, code, system) VALUES (?1, ?2, ?3)");
const store::Sql kAddUnique("INSERT OR IGNORE INTO uniq(hash, row) VALUES (?1, ?2)");
const store::Sql kDropUnique("DELETE FROM uniq WHERE hash = ?1 AND row = ?2");
const store::Sql kAddText("INSERT OR IGNORE INTO str(param, folded, row) VALUES (?1, ?2, ?3)");
const store::Sql kDropText("DELETE FROM str WHERE param = ?1 AND folded = ?2 AND row = ?3");

// Calls `each` with what is in `items` and not in `without`; both sorted.
template <class Items, class Each>
Result<void> for_difference(const Items& items, const Items& without, Each each) {
  auto other = without.begin();
  for (const auto& item : items) {
    while (other != without.end() && *other < item) ++other;
    if (other != without.end() && *other == item) continue;
    if (const Result<void> done = each(item); !done) return done;
  }
  return {};
}

}  // namespace

void KeyTable::undo_to(const Mark& mark) {
  postings_.undo_to(mark.postings);
  while (added_.size() > mark.words) {
    words_.erase(added_.back());
    added_.pop_back();
  }
}

Result<void> KeyTable::flush(store::Transaction& transaction) {
  added_.clear();
  if (words_.size() > kMostWords) words_.clear();
  return postings_.flush(transaction);
}

void KeyTable::forget() {
  postings_.forget();
  words_.clear();
  added_.clear();
}

Result<std::int64_t> KeyTable::code_number(store::Transaction& transaction, ParameterNumber parameter,
                                           std::string_view system, std::string_view code) {
  word_.assign(std::to_string(parameter)).append("|").append(std::to_string(system.size())).append("|");
  word_.append(system).append(code);
  if (const auto known = words_.find(word_); known != words_.end()) return known->second;
  std::int64_t number = 0;
  {
    store::Statement row = transaction.query(kFindWord, parameter, code, system);
    const auto found = row.step();
    if (!found) return forward(found);
    if (*found) number = row.integer(0);
  }
  if (number == 0) {
    if (const auto added = transaction.run(kAddWord, parameter, code, system); !added) return forward(added);
    number = transaction.last_insert_rowid();
    added_.push_back(word_);
  }
  words_.emplace(word_, number);
  return number;
}

Result<void> KeyTable::replace(store::Transaction& transaction, std::int64_t row, const StoredKeys& before,
                               const StoredKeys& after) {
  const auto run_text = [&](const store::Sql& sql) {
    return [&](const StoredText& text) { return transaction.run(sql, text.parameter, text.folded, row); };
  };
  const auto run_hash = [&](const store::Sql& sql) {
    return [&](std::uint64_t hash) { return transaction.run(sql, static_cast<std::int64_t>(hash), row); };
  };
  const auto post = [&](auto change) {
    return [this, change, row](const PostingKey& key) -> Result<void> {
      (postings_.*change)(key, row);
      return {};
    };
  };
  Result<void> done = for_difference(before.postings, after.postings, post(&PostingWriter::remove));
  if (done) done = for_difference(after.postings, before.postings, post(&PostingWriter::add));
  if (done) done = for_difference(before.unique, after.unique, run_hash(kDropUnique));
  if (done) done = for_difference(after.unique, before.unique, run_hash(kAddUnique));
  if (done) done = for_difference(before.strings, after.strings, run_text(kDropText));
  if (done) done = for_difference(after.strings, before.strings, run_text(kAddText));
  return done;
}

}  // namespace lienthong::repository::sqlite
