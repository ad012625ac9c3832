#pragma once
// Posting lists on any connection.

#include <cstdint>
#include <limits>
#include <memory>
#include <span>

#include "gateway/base/result.h"
#include "gateway/repository/sqlite/key_values.h"
#include "gateway/repository/sqlite/posting_block.h"
#include "gateway/repository/sqlite/posting_writer.h"
#include "gateway/store/connection.h"

namespace lienthong::repository::sqlite {

inline constexpr std::int64_t kNoRow = std::numeric_limits<std::int64_t>::max();

// Rows in ascending order, to be met with others.
class RowSource {
 public:
  virtual ~RowSource() = default;
  // The smallest row that is not below `row`; kNoRow behind the last. Arguments ascend.
  virtual Result<std::int64_t> seek(std::int64_t row) = 0;
};

// A list in memory.
class ListSource final : public RowSource {
 public:
  explicit ListSource(Rows rows) : rows_(std::move(rows)) {}
  Result<std::int64_t> seek(std::int64_t row) override;

 private:
  Rows rows_;
  std::size_t next_ = 0;
};

// A posting list, a block at a time. The tail is read first: without a snapshot, what moves from it to the
// blocks meanwhile is then met all the same.
class PostingSource final : public RowSource {
 public:
  PostingSource(store::Connection& connection, PostingKey key) : connection_(connection), key_(key) {}
  Result<std::int64_t> seek(std::int64_t row) override;

 private:
  Result<bool> load(std::int64_t row);
  Result<bool> load_block(std::int64_t row);
  Result<void> read_tail();

  store::Connection& connection_;
  PostingKey key_;
  Rows rows_, tail_;
  std::size_t next_ = 0;
  bool tail_is_read_ = false, older_ = true, ended_ = false;
};

// The first row that stands in all lists, from `from` on; kNoRow: none. At least one list.
Result<std::int64_t> next_common(std::span<const std::unique_ptr<RowSource>> lists, std::int64_t from);

// All rows of the lists of a parameter whose values lie in the range; not sorted.
Result<void> read_postings(store::Connection& connection, ParameterNumber parameter, ValueRange values,
                           Rows& out);

// How many rows that are; counts on to a little above `enough`.
Result<std::int64_t> count_postings(store::Connection& connection, ParameterNumber parameter,
                                    ValueRange values, std::int64_t enough);

// What waits on the writer for lists of the range is put into `rows` or taken out; sorts it.
void apply_waiting(std::span<const PostingEdit> waiting, ParameterNumber parameter, ValueRange values,
                   Rows& rows);

}  // namespace lienthong::repository::sqlite
