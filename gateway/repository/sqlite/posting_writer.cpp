#include "gateway/repository/sqlite/posting_writer.h"

#include <algorithm>
#include <tuple>

#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

const store::Sql kTail(
    "SELECT first, count, last, block, older FROM post_tail WHERE param = ?1 AND value = ?2");
const store::Sql kWriteTail(
    "INSERT OR REPLACE INTO post_tail(param, value, first, count, last, older, block) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
const store::Sql kDropTail("DELETE FROM post_tail WHERE param = ?1 AND value = ?2");
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

// What a tail costs in memory besides its bytes.
constexpr std::size_t kTailCost = 160;
// A tail beyond this moves to post: the smaller, the more of them in a page; the larger, the fewer moves.
constexpr std::size_t kMostInTail = 96;

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

Rows rows_of(const PostingBlock& block) {
  Rows rows;
  append_rows(block.first, block.count, block.steps, rows);
  return rows;
}

// False: nothing to do.
bool apply(const PostingEdit& edit, Rows& rows) {
  const auto place = std::lower_bound(rows.begin(), rows.end(), edit.row);
  const bool present = place != rows.end() && *place == edit.row;
  if (present == edit.add) return false;
  if (edit.add) rows.insert(place, edit.row);
  if (!edit.add) rows.erase(place);
  return true;
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

// Among the rows in post: the block that holds the place is made anew.
Result<void> change_in_post(store::Transaction& transaction, const PostingEdit& edit) {
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
  Rows rows;
  if (found) rows = rows_of(block);
  if (!apply(edit, rows)) return {};
  if (found && (rows.empty() || rows.front() != block.first)) {
    const auto dropped = transaction.run(kDrop, edit.key.parameter, edit.key.value, block.first);
    if (!dropped) return dropped;
  }
  return write_rows(transaction, edit.key, rows);
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
    const auto list = std::span<const PostingEdit>(edits_).subspan(first, end - first);
    if (const auto written = write_list(transaction, list); !written) return written;
    first = end;
  }
  edits_.clear();
  limit_memory();
  return {};
}

// `edits` of one list, ascending.
Result<void> PostingWriter::write_list(store::Transaction& transaction, std::span<const PostingEdit> edits) {
  const PostingKey key = edits.front().key;
  const auto found = tail_of(transaction, key);
  if (!found) return forward(found);
  Tail& tail = **found;
  tail_bytes_ -= tail.block.steps.size();
  const auto behind = std::partition_point(edits.begin(), edits.end(),
                                           [&](const PostingEdit& edit) { return edit.row <= tail.last; });
  const auto within = static_cast<std::size_t>(behind - edits.begin());
  if (within > 0) {
    if (const auto changed = change(transaction, tail, edits.first(within)); !changed) return changed;
  }
  for (const PostingEdit& edit : edits.subspan(within)) {
    if (!edit.add) continue;
    if (const auto added = append(transaction, tail, key, edit.row); !added) return added;
  }
  if (tail.block.steps.size() > kMostInTail) {
    if (const auto moved = move_to_post(transaction, tail, key); !moved) return moved;
  }
  if (tail.block.count > 0) tail.last = tail.block.last;  // the highest rows may have gone
  tail_bytes_ += tail.block.steps.size();
  return write_tail(transaction, tail, key);
}

// Rows that are not behind all others.
Result<void> PostingWriter::change(store::Transaction& transaction, Tail& tail,
                                   std::span<const PostingEdit> edits) {
  Rows rows = rows_of(tail.block);
  for (const PostingEdit& edit : edits) {
    if (!tail.older || (!rows.empty() && edit.row >= rows.front())) {
      apply(edit, rows);
      continue;
    }
    if (const auto changed = change_in_post(transaction, edit); !changed) return changed;
  }
  const PostingKey key = edits.front().key;
  if (tail.older && rows.empty()) {
    const auto any = transaction.query(kLast, key.parameter, key.value).step();
    if (!any) return forward(any);
    tail.older = *any;
  }
  tail.block = PostingBlock();
  for (const std::int64_t row : rows) {
    if (const auto added = append(transaction, tail, key, row); !added) return added;
  }
  return {};
}

// Above all rows of the tail.
Result<void> PostingWriter::append(store::Transaction& transaction, Tail& tail, PostingKey key,
                                   std::int64_t row) {
  tail.last = std::max(tail.last, row);
  if (tail.block.append(row)) return {};
  if (const auto moved = move_to_post(transaction, tail, key); !moved) return moved;
  tail.block.append(row);
  return {};
}

Result<void> PostingWriter::move_to_post(store::Transaction& transaction, Tail& tail, PostingKey key) {
  PostingBlock block;
  if (tail.older) {
    store::Statement row = transaction.query(kLast, key.parameter, key.value);
    if (const auto read = read_block(row, block); !read) return forward(read);
  }
  for (const std::int64_t row : rows_of(tail.block)) {
    if (block.append(row)) continue;
    if (const auto written = write_block(transaction, key, block); !written) return written;
    block = PostingBlock();
    block.append(row);
  }
  tail.block = PostingBlock();
  tail.older = true;
  return write_block(transaction, key, block);
}

Result<void> PostingWriter::write_tail(store::Transaction& transaction, Tail& tail, PostingKey key) {
  const bool was_stored = tail.stored;
  tail.stored = tail.block.count > 0 || tail.older;
  if (tail.stored) {
    return transaction.run(kWriteTail, key.parameter, key.value, tail.block.first, tail.block.count,
                           tail.last, tail.older, store::Blob{tail.block.steps});
  }
  return was_stored ? transaction.run(kDropTail, key.parameter, key.value) : Result<void>();
}

Result<PostingWriter::Tail*> PostingWriter::tail_of(store::Transaction& transaction, PostingKey key) {
  const auto [place, fresh] = tails_.try_emplace(key);
  Tail& tail = place->second;
  tail.used = flushes_;
  if (!fresh) return &tail;
  tail_bytes_ += kTailCost;
  {
    store::Statement row = transaction.query(kTail, key.parameter, key.value);
    const auto found = read_block(row, tail.block);
    if (!found) return forward(found);
    tail.stored = *found;
    if (tail.stored) tail.older = row.integer(4) != 0;
  }
  if (!tail.stored) {
    store::Statement row = transaction.query(kLast, key.parameter, key.value);
    PostingBlock block;
    const auto found = read_block(row, block);
    if (!found) return forward(found);
    tail.older = *found;
    tail.last = block.last;
    return &tail;
  }
  tail.last = tail.block.last;
  tail_bytes_ += tail.block.steps.size();
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
