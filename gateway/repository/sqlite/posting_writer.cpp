#include "gateway/repository/sqlite/posting_writer.h"

#include <algorithm>
#include <tuple>

#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

const store::Sql kLast(
    "SELECT first, count, last, block FROM post WHERE param = ?1 AND value = ?2 ORDER BY first DESC LIMIT 1");
const store::Sql kBefore(
    "SELECT first, count, last, block FROM post WHERE param = ?1 AND value = ?2 AND first <= ?3 "
    "ORDER BY first DESC LIMIT 1");
const store::Sql kFirst(
    "SELECT first, count, last, block FROM post WHERE param = ?1 AND value = ?2 ORDER BY first LIMIT 1");
const store::Sql kWrite(
    "INSERT OR REPLACE INTO post(param, value, first, count, last, block) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
const store::Sql kDrop("DELETE FROM post WHERE param = ?1 AND value = ?2 AND first = ?3");

// What a list's block costs in memory besides its bytes.
constexpr std::size_t kTailCost = 160;

Result<bool> read_block(store::Statement& row, PostingBlock& block) {
  const auto found = row.step();
  if (!found || !*found) return found;
  block.first = row.integer(0);
  block.count = row.integer(1);
  block.last = row.integer(2);
  block.steps = row.blob(3);
  return true;
}

Result<void> write_block(store::Transaction& transaction, PostingKey key, const PostingBlock& block) {
  return transaction.run(kWrite, key.parameter, key.value, block.first, block.count, block.last,
                         store::Blob{block.steps});
}

// In one block, or in two halves, so that the next rows find room.
Result<void> write_rows(store::Transaction& transaction, PostingKey key, std::span<const std::int64_t> rows) {
  const auto blocks = blocks_of(rows);
  if (blocks.empty()) return {};
  if (blocks.size() == 1) return write_block(transaction, key, blocks.front());
  const std::size_t half = rows.size() / 2;
  if (const auto written = write_rows(transaction, key, rows.first(half)); !written) return written;
  return write_rows(transaction, key, rows.subspan(half));
}

}  // namespace

// Sorted by list and row; of several edits of one row in one list the last holds.
void PostingWriter::settle() {
  std::stable_sort(edits_.begin(), edits_.end(), [](const PostingEdit& a, const PostingEdit& b) {
    return std::tie(a.key.parameter, a.key.value, a.row) < std::tie(b.key.parameter, b.key.value, b.row);
  });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < edits_.size(); ++i) {
    const bool repeated =
        i + 1 < edits_.size() && edits_[i].key == edits_[i + 1].key && edits_[i].row == edits_[i + 1].row;
    if (!repeated) edits_[kept++] = edits_[i];
  }
  edits_.resize(kept);
}

Result<void> PostingWriter::flush(store::Transaction& transaction) {
  if (edits_.empty()) return {};
  ++flushes_;
  settle();
  for (std::size_t first = 0; first < edits_.size();) {
    std::size_t end = first + 1;
    while (end < edits_.size() && edits_[end].key == edits_[first].key) ++end;
    if (const auto written = write_list(transaction, first, end); !written) return written;
    first = end;
  }
  edits_.clear();
  limit_memory();
  return {};
}

Result<void> PostingWriter::write_list(store::Transaction& transaction, std::size_t first, std::size_t end) {
  const PostingKey key = edits_[first].key;
  const auto tail = tail_of(transaction, key);
  if (!tail) return forward(tail);
  const bool appends = std::all_of(edits_.begin() + static_cast<std::ptrdiff_t>(first),
                                   edits_.begin() + static_cast<std::ptrdiff_t>(end),
                                   [](const PostingEdit& edit) { return edit.add; });
  if (appends && ((*tail)->block.count == 0 || edits_[first].row > (*tail)->block.last))
    return append(transaction, **tail, first, end);
  tail_bytes_ -= (*tail)->block.steps.size() + kTailCost;
  tails_.erase(key);
  for (std::size_t i = first; i < end; ++i) {
    if (const auto changed = change(transaction, edits_[i]); !changed) return changed;
  }
  return {};
}

Result<void> PostingWriter::append(store::Transaction& transaction, Tail& tail, std::size_t first,
                                   std::size_t end) {
  const PostingKey key = edits_[first].key;
  const std::size_t before = tail.block.steps.size();
  for (std::size_t i = first; i < end; ++i) {
    if (tail.block.append(edits_[i].row)) continue;
    if (const auto written = write_block(transaction, key, tail.block); !written) return written;
    tail.block = PostingBlock();
    tail.block.append(edits_[i].row);
  }
  tail_bytes_ += tail.block.steps.size() - before;
  return write_block(transaction, key, tail.block);
}

// Anywhere in the list: the block that holds the place is made anew.
Result<void> PostingWriter::change(store::Transaction& transaction, const PostingEdit& edit) {
  PostingBlock block;
  bool found = false;
  for (const store::Sql* sql : {&kBefore, &kFirst}) {
    store::Statement row = transaction.statement(*sql);
    row.bind(1, edit.key.parameter);
    row.bind(2, edit.key.value);
    if (sql == &kBefore) row.bind(3, edit.row);
    const auto read = read_block(row, block);
    if (!read) return forward(read);
    if ((found = *read)) break;
  }
  if (!found && !edit.add) return {};
  Rows rows;
  if (found) append_rows(block.first, block.count, block.steps, rows);
  const auto place = std::lower_bound(rows.begin(), rows.end(), edit.row);
  const bool present = place != rows.end() && *place == edit.row;
  if (present == edit.add) return {};
  if (edit.add) rows.insert(place, edit.row);
  if (!edit.add) rows.erase(place);
  if (found && (rows.empty() || rows.front() != block.first)) {
    const auto dropped = transaction.run(kDrop, edit.key.parameter, edit.key.value, block.first);
    if (!dropped) return dropped;
  }
  return write_rows(transaction, edit.key, rows);
}

Result<PostingWriter::Tail*> PostingWriter::tail_of(store::Transaction& transaction, PostingKey key) {
  const auto [place, fresh] = tails_.try_emplace(key);
  Tail& tail = place->second;
  tail.used = flushes_;
  if (!fresh) return &tail;
  store::Statement row = transaction.query(kLast, key.parameter, key.value);
  const auto found = read_block(row, tail.block);
  if (!found) return forward(found);
  tail_bytes_ += tail.block.steps.size() + kTailCost;
  return &tail;
}

void PostingWriter::limit_memory() {
  constexpr std::uint64_t kKeptFlushes = 8;
  if (tail_bytes_ <= kMostTailBytes) return;
  for (std::uint64_t age = kKeptFlushes; tail_bytes_ > kMostTailBytes / 2; age /= 2) {
    std::erase_if(tails_, [&](const auto& item) {
      const bool old = age == 0 || item.second.used + age < flushes_;
      if (old) tail_bytes_ -= item.second.block.steps.size() + kTailCost;
      return old;
    });
    if (age == 0) break;
  }
}

void PostingWriter::forget() {
  edits_.clear();
  tails_.clear();
  tail_bytes_ = 0;
}

}  // namespace lienthong::repository::sqlite
