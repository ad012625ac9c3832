#include "gateway/journal/message_blocks.h"

#include <algorithm>
#include <string>

#include "gateway/journal/columns.h"

namespace lienthong::journal {
namespace {

using store::Connection;
using store::Sql;
using store::Statement;
using store::Transaction;

// The same expressions as in the schema, which describes what there was before.
const Sql kDescribe(
    "INSERT INTO message_block(block, least, most, sources) SELECT ?1, min(number), max(number), "
    "',' || group_concat(DISTINCT source) || ',' FROM message WHERE row BETWEEN ?1*256 AND ?1*256+255");
const Sql kForget("DELETE FROM message_block WHERE block < (SELECT min(row)/256 FROM message)");
// CROSS JOIN: the blocks first (sqlite.org/optoverview.html#manual_control_of_query_plans_using_cross_join).
const Sql kByNumber(
    "SELECT row FROM message WHERE number=?1 AND row >= (SELECT coalesce(max(block)+1, 0)*256 FROM "
    "message_block) UNION ALL SELECT m.row FROM message_block b CROSS JOIN message m "
    "WHERE b.least <= ?1 AND b.most >= ?1 AND m.row BETWEEN b.block*256 AND b.block*256+255 AND m.number=?1 "
    "LIMIT 1");
const Sql kOfSource(
    "SELECT block FROM message_block WHERE block BETWEEN ?2 AND ?3 AND instr(sources, ',' || ?1 || ',') "
    "ORDER BY block");
const Sql kFull("SELECT coalesce(max(block)+1, 0)*256 FROM message_block");

void add(std::vector<RowRange>& ranges, std::int64_t first, std::int64_t end) {
  if (first >= end) return;
  if (!ranges.empty() && ranges.back().end == first) {
    ranges.back().end = end;
  } else {
    ranges.push_back({first, end});
  }
}

}  // namespace

Result<void> note_appended(Transaction& transaction, MessageRow row) {
  if ((row.value + 1) % kBlockRows != 0) return {};
  return transaction.run(kDescribe, row.value / kBlockRows);
}

Result<void> forget_blocks(Transaction& transaction) {
  return transaction.run(kForget);
}

Result<std::optional<MessageRow>> row_of_number(Connection& connection, const MessageNumber& number) {
  Statement statement = connection.query(kByNumber, number.value);
  const Result<bool> found = statement.step();
  if (!found) return forward(found);
  if (!*found) return std::optional<MessageRow>();
  return std::optional(statement.id<MessageRow>(0));
}

Result<std::vector<RowRange>> ranges_of_source(Connection& connection, SourceId source, RowRange within) {
  std::vector<RowRange> ranges;
  if (within.first >= within.end) return ranges;
  Statement blocks = connection.query(kOfSource, source, within.first / kBlockRows, within.end / kBlockRows);
  for (;;) {
    const Result<bool> row = blocks.step();
    if (!row) return forward(row);
    if (!*row) break;
    const std::int64_t first = blocks.integer(0) * kBlockRows;
    add(ranges, std::max(first, within.first), std::min(first + kBlockRows, within.end));
  }
  Statement full = connection.statement(kFull);
  const Result<bool> row = full.step();
  if (!row) return forward(row);
  add(ranges, std::max(full.integer(0), within.first), within.end);
  return ranges;
}

}  // namespace lienthong::journal
