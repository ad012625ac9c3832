#include "gateway/repository/sqlite/posting_reader.h"

#include <algorithm>

#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

const store::Sql kBlockAt(
    "SELECT first, count, last, block FROM post WHERE param = ?1 AND value = ?2 AND first <= ?3 "
    "ORDER BY first DESC LIMIT 1");
const store::Sql kBlockAfter(
    "SELECT first, count, last, block FROM post WHERE param = ?1 AND value = ?2 AND first > ?3 "
    "ORDER BY first LIMIT 1");
const store::Sql kBlocks(
    "SELECT first, count, block FROM post WHERE param = ?1 AND value BETWEEN ?2 AND ?3 ORDER BY value, "
    "first");
const store::Sql kTail("SELECT first, count, block, older FROM post_tail WHERE param = ?1 AND value = ?2");
const store::Sql kTails(
    "SELECT first, count, block FROM post_tail WHERE param = ?1 AND value BETWEEN ?2 AND ?3 ORDER BY value");
const store::Sql kCounts("SELECT count FROM post WHERE param = ?1 AND value BETWEEN ?2 AND ?3");
const store::Sql kTailCounts("SELECT count FROM post_tail WHERE param = ?1 AND value BETWEEN ?2 AND ?3");

void sort_once(Rows& rows) {
  if (!std::is_sorted(rows.begin(), rows.end())) std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

Result<void> read_lists(store::Connection& connection, const store::Sql& sql, ParameterNumber parameter,
                        ValueRange values, Rows& out) {
  store::Statement lists = connection.query(sql, parameter, values.low, values.high);
  for (;;) {
    const auto row = lists.step();
    if (!row) return forward(row);
    if (!*row) return {};
    append_rows(lists.integer(0), lists.integer(1), lists.blob(2), out);
  }
}

}  // namespace

Result<std::int64_t> ListSource::seek(std::int64_t row) {
  const auto found = std::lower_bound(rows_.begin() + static_cast<std::ptrdiff_t>(next_), rows_.end(), row);
  next_ = static_cast<std::size_t>(found - rows_.begin());
  return found == rows_.end() ? kNoRow : *found;
}

Result<std::int64_t> PostingSource::seek(std::int64_t row) {
  for (;;) {
    if (!rows_.empty() && row <= rows_.back()) {
      const auto found =
          std::lower_bound(rows_.begin() + static_cast<std::ptrdiff_t>(next_), rows_.end(), row);
      next_ = static_cast<std::size_t>(found - rows_.begin());
      return *found;
    }
    if (ended_) return kNoRow;
    const auto loaded = load(row);
    if (!loaded) return forward(loaded);
    ended_ = !*loaded;
    if (ended_) rows_.clear();
  }
}

// The block that holds the first row not below `row`, or the tail.
Result<bool> PostingSource::load(std::int64_t row) {
  if (!tail_is_read_) {
    if (const auto read = read_tail(); !read) return forward(read);
  }
  if (older_ && (tail_.empty() || row < tail_.front())) {
    const auto found = load_block(row);
    if (!found || *found) return found;
  }
  if (tail_.empty() || tail_.back() < row) return false;
  rows_ = tail_;
  next_ = 0;
  return true;
}

Result<void> PostingSource::read_tail() {
  store::Statement tail = connection_.query(kTail, key_.parameter, key_.value);
  const auto found = tail.step();
  if (!found) return forward(found);
  tail_is_read_ = true;
  if (!*found) return {};
  append_rows(tail.integer(0), tail.integer(1), tail.blob(2), tail_);
  older_ = tail.integer(3) != 0;
  return {};
}

Result<bool> PostingSource::load_block(std::int64_t row) {
  for (const store::Sql* sql : {&kBlockAt, &kBlockAfter}) {
    store::Statement block = connection_.query(*sql, key_.parameter, key_.value, row);
    const auto found = block.step();
    if (!found) return found;
    if (!*found || block.integer(2) < row) continue;
    rows_.clear();
    next_ = 0;
    append_rows(block.integer(0), block.integer(1), block.blob(3), rows_);
    if (!rows_.empty() && rows_.back() >= row) return true;
  }
  return false;
}

Result<std::int64_t> next_common(std::span<const std::unique_ptr<RowSource>> lists, std::int64_t from) {
  for (std::size_t met = 0, i = 0; from != kNoRow; i = (i + 1) % lists.size()) {
    const auto row = lists[i]->seek(from);
    if (!row) return row;
    met = *row == from ? met + 1 : 1;
    from = *row;
    if (met >= lists.size()) break;
  }
  return from;
}

Result<void> read_postings(store::Connection& connection, ParameterNumber parameter, ValueRange values,
                           Rows& out) {
  Rows newest;
  if (const auto read = read_lists(connection, kTails, parameter, values, newest); !read) return read;
  if (const auto read = read_lists(connection, kBlocks, parameter, values, out); !read) return read;
  out.insert(out.end(), newest.begin(), newest.end());
  return {};
}

Result<std::int64_t> count_postings(store::Connection& connection, ParameterNumber parameter,
                                    ValueRange values, std::int64_t enough) {
  std::int64_t sum = 0;
  for (const store::Sql* sql : {&kTailCounts, &kCounts}) {
    store::Statement counts = connection.query(*sql, parameter, values.low, values.high);
    while (sum <= enough) {
      const auto row = counts.step();
      if (!row) return forward(row);
      if (!*row) break;
      sum += counts.integer(0);
    }
  }
  return sum;
}

void apply_waiting(std::span<const PostingEdit> waiting, ParameterNumber parameter, ValueRange values,
                   Rows& rows) {
  sort_once(rows);
  for (const PostingEdit& edit : waiting) {
    if (edit.key.parameter != parameter || edit.key.value < values.low || edit.key.value > values.high)
      continue;
    const auto place = std::lower_bound(rows.begin(), rows.end(), edit.row);
    const bool present = place != rows.end() && *place == edit.row;
    if (present == edit.add) continue;
    if (edit.add) rows.insert(place, edit.row);
    if (!edit.add) rows.erase(place);
  }
}

}  // namespace lienthong::repository::sqlite
