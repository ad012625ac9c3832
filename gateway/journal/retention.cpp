#include "gateway/journal/retention.h"

#include <charconv>
#include <string>
#include <vector>

#include "gateway/journal/columns.h"
#include "gateway/journal/message_blocks.h"
#include "gateway/journal/waiting_codes.h"
#include "gateway/store/values.h"

namespace lienthong::journal {
namespace {

using store::Connection;
using store::Sql;
using store::Statement;
using store::Transaction;

const Sql kOldest(
    "SELECT row, source, coalesce(control_id, ''), hash FROM message WHERE row > ?1 AND received_at < ?2 AND "
    "row < (SELECT max(row) FROM message) ORDER BY row LIMIT ?3");
const Sql kForgetSeen("DELETE FROM seen WHERE source=?1 AND control_id=?2 AND hash=?3 AND message=?4");
const Sql kForgetContribution("DELETE FROM contribution WHERE message=?1");
const Sql kDeleteMessage("DELETE FROM message WHERE row=?1");
const Sql kEmptyBatches(
    "SELECT row FROM batch b WHERE state<>0 AND received_at < ?1 AND NOT EXISTS "
    "(SELECT 1 FROM message WHERE batch=b.row) ORDER BY row LIMIT 1");
const Sql kDeleteParts(
    "DELETE FROM batch_part WHERE row IN (SELECT row FROM batch_part WHERE batch=?1 LIMIT ?2)");
const Sql kDeleteBatch("DELETE FROM batch WHERE row=?1");

constexpr std::string_view kSeenPosition = "journal.seen_pruned";
constexpr std::int64_t kPartsASlice = 16;  // a part is up to 1 MiB

struct Old {
  MessageRow row;
  SourceId source;
  std::string control_id;
  ContentHash hash;
};

Result<std::vector<Old>> oldest(Connection& connection, MessageRow after, Instant before, std::size_t limit) {
  std::vector<Old> old;
  Statement statement = connection.query(kOldest, after, to_column(before), limit);
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row) return forward(row);
    if (!*row) return old;
    old.push_back({statement.id<MessageRow>(0), statement.id<SourceId>(1),
                   std::string(control_key(statement.text(2))), statement.id<ContentHash>(3)});
  }
}

// A later message of the same key has taken the entry over: then it stays.
Result<void> forget_seen(Transaction& transaction, const Old& old) {
  return transaction.run(kForgetSeen, old.source, std::string_view(old.control_id), to_column(old.hash),
                         old.row);
}

Result<MessageRow> seen_position(Connection& connection) {
  const auto text = store::get_value(connection, kSeenPosition);
  if (!text) return forward(text);
  MessageRow row{0};
  if (*text) std::from_chars((*text)->data(), (*text)->data() + (*text)->size(), row.value);
  return row;
}

// One batch, in slices of its parts; whether there may be more to do.
Result<bool> prune_one_batch(Transaction& transaction, Instant before) {
  std::int64_t batch = 0;
  {
    Statement statement = transaction.query(kEmptyBatches, to_column(before));
    const Result<bool> row = statement.step();
    if (!row || !*row) return row;
    batch = statement.integer(0);
  }
  if (const Result<void> done = transaction.run(kDeleteParts, batch, kPartsASlice); !done)
    return forward(done);
  if (transaction.changes() == kPartsASlice) return true;
  if (const Result<void> done = transaction.run(kDeleteBatch, batch); !done) return forward(done);
  return true;
}

}  // namespace

Result<PruneResult> prune_seen(Transaction& transaction, Instant before, std::size_t limit) {
  const auto position = seen_position(transaction);
  if (!position) return forward(position);
  const auto old = oldest(transaction, *position, before, limit);
  if (!old) return forward(old);
  PruneResult result;
  for (const Old& each : *old) {
    if (const Result<void> done = forget_seen(transaction, each); !done) return forward(done);
    result.removed += static_cast<std::size_t>(transaction.changes());
  }
  result.more = old->size() == limit;
  if (old->empty()) return result;
  const std::string text = std::to_string(old->back().row.value);
  if (const Result<void> kept = store::set_value(transaction, kSeenPosition, text); !kept)
    return forward(kept);
  return result;
}

Result<PruneResult> prune_messages(Transaction& transaction, Instant before, std::size_t limit) {
  const auto old = oldest(transaction, MessageRow{0}, before, limit);
  if (!old) return forward(old);
  for (const Old& each : *old) {
    Result<void> done = forget_seen(transaction, each);
    if (done) done = transaction.run(kForgetContribution, each.row);
    if (done) done = forget_waiting(transaction, each.row);
    if (done) done = transaction.run(kDeleteMessage, each.row);
    if (!done) return forward(done);
  }
  if (!old->empty()) {
    if (const Result<void> forgotten = forget_blocks(transaction); !forgotten) return forward(forgotten);
  }
  PruneResult result{old->size(), old->size() == limit};
  if (result.more) return result;
  const Result<bool> batch = prune_one_batch(transaction, before);
  if (!batch) return forward(batch);
  result.more = *batch;
  return result;
}

}  // namespace lienthong::journal
