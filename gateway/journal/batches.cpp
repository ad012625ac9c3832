#include "gateway/journal/batches.h"

#include <algorithm>

#include "gateway/journal/columns.h"
#include "gateway/journal/error_numbers.h"

namespace lienthong::journal {
namespace {

using store::Connection;
using store::Sql;
using store::Statement;
using store::Transaction;

const Sql kOpen(
    "INSERT INTO batch(number, source, received_at, name, hash, state, size, next_message) "
    "VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 0)");
const Sql kAddPart(
    "INSERT INTO batch_part(batch, place, raw_size, dictionary, raw) "
    "SELECT row, size, ?2, ?3, ?4 FROM batch WHERE row=?1");
const Sql kGrow("UPDATE batch SET size=size+?2 WHERE row=?1");
const Sql kProgress("UPDATE batch SET next_message=?2 WHERE row=?1");
const Sql kClose("UPDATE batch SET state=?2, problems=?3 WHERE row=?1");
const Sql kRead(
    "SELECT row, number, source, received_at, name, hash, state, size, next_message, problems FROM batch "
    "WHERE row=?1");
const Sql kUnfinished(
    "SELECT row, number, source, received_at, name, hash, state, size, next_message, problems FROM batch "
    "WHERE state=0 ORDER BY row");
const Sql kFind("SELECT row FROM batch WHERE hash=?2 AND source=?1 AND state<>2 ORDER BY row DESC LIMIT 1");
const Sql kParts(
    "SELECT place, raw_size, dictionary, raw FROM batch_part WHERE batch=?1 AND place >= "
    "coalesce((SELECT max(place) FROM batch_part WHERE batch=?1 AND place <= ?2), 0) AND place < ?3 ORDER BY "
    "place");

Failure no_such_batch() {
  return fail(Category::NotFound, kBatchNotFound, "The journal has no such batch.");
}

Failure not_kept() {
  return fail(Category::Fault, kRawDamaged, "A message points to bytes of its batch that are not kept.");
}

StoredBatch batch_from(const Statement& columns) {
  StoredBatch batch;
  batch.row = columns.id<BatchRow>(0);
  batch.number = MessageNumber{columns.uuid(1)};
  batch.source = columns.id<SourceId>(2);
  batch.received_at = to_instant(columns.integer(3));
  batch.name = columns.text(4);
  batch.hash = columns.id<ContentHash>(5);
  batch.state = static_cast<BatchState>(columns.integer(6));
  batch.size = static_cast<std::uint64_t>(columns.integer(7));
  batch.next_message = static_cast<std::uint64_t>(columns.integer(8));
  batch.problems = columns.text(9);
  return batch;
}

Result<void> require_batch(const Transaction& transaction, Result<void> done) {
  if (done && transaction.changes() == 0) return no_such_batch();
  return done;
}

}  // namespace

Result<BatchRow> open_batch(Transaction& transaction, const NewBatch& batch) {
  const Result<void> opened =
      transaction.run(kOpen, batch.number.value, batch.source, to_column(batch.received_at), batch.name,
                      to_column(batch.hash));
  if (!opened) return forward(opened);
  return BatchRow{transaction.last_insert_rowid()};
}

Result<void> append_part(Transaction& transaction, BatchRow batch, const CompressedRaw& part) {
  Result<void> added =
      transaction.run(kAddPart, batch, part.raw_size, part.dictionary, store::Blob{part.bytes});
  added = require_batch(transaction, std::move(added));
  if (!added) return added;
  return transaction.run(kGrow, batch, part.raw_size);
}

Result<void> set_progress(Transaction& transaction, BatchRow batch, std::uint64_t next_message) {
  return require_batch(transaction, transaction.run(kProgress, batch, next_message));
}

Result<void> close_batch(Transaction& transaction, BatchRow batch, BatchState state,
                         std::string_view problems) {
  return require_batch(transaction, transaction.run(kClose, batch, state, text_or_null(problems)));
}

Result<StoredBatch> read_batch(Connection& connection, BatchRow batch) {
  Statement statement = connection.query(kRead, batch);
  const Result<bool> row = statement.step();
  if (!row) return forward(row);
  if (!*row) return no_such_batch();
  return batch_from(statement);
}

Result<std::vector<StoredBatch>> open_batches(Connection& connection) {
  std::vector<StoredBatch> batches;
  Statement statement = connection.statement(kUnfinished);
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row) return forward(row);
    if (!*row) return batches;
    batches.push_back(batch_from(statement));
  }
}

Result<std::optional<BatchRow>> find_batch(Connection& connection, SourceId source, ContentHash hash) {
  Statement statement = connection.query(kFind, source, to_column(hash));
  const Result<bool> row = statement.step();
  if (!row) return forward(row);
  if (!*row) return std::optional<BatchRow>();
  return std::optional(statement.id<BatchRow>(0));
}

Result<std::string> read_range(Connection& connection, const Dictionaries& dictionaries,
                               const BatchPlace& place) {
  const std::uint64_t end = place.offset + place.length;
  std::string out;
  std::uint64_t next = place.offset;  // first byte still wanted
  Statement parts = connection.query(kParts, place.batch, place.offset, end);
  while (next < end) {
    const Result<bool> row = parts.step();
    if (!row) return forward(row);
    if (!*row) return not_kept();
    const auto begin = static_cast<std::uint64_t>(parts.integer(0));
    const auto size = static_cast<std::uint64_t>(parts.integer(1));
    if (begin > next || next - begin >= size) return not_kept();
    const Result<std::string> raw = dictionaries.decompress({parts.blob(3), parts.id<DictionaryId>(2), size});
    if (!raw) return raw;
    const std::uint64_t wanted = std::min(end, begin + size) - next;
    out.append(*raw, next - begin, wanted);
    next += wanted;
  }
  return out;
}

}  // namespace lienthong::journal
