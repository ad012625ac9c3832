// Reading many messages.

#include <algorithm>
#include <limits>

#include "gateway/journal/columns.h"
#include "gateway/journal/message_blocks.h"
#include "gateway/journal/message_columns.h"
#include "gateway/journal/messages.h"

namespace lienthong::journal {
namespace {

using store::Connection;
using store::Sql;
using store::Statement;

const Sql kByRows(
    "SELECT * FROM stored_message WHERE row > ?1 AND row < ?2 AND received_at >= ?3 AND received_at < ?4 "
    "AND (?6 IS NULL OR fate=?6) ORDER BY row LIMIT ?5");
const Sql kBySource(
    "SELECT * FROM stored_message WHERE source=?7 AND row > ?1 AND row < ?2 AND received_at >= ?3 AND "
    "received_at < ?4 AND (?6 IS NULL OR fate=?6) ORDER BY row LIMIT ?5");
// "fate<>0" lets SQLite use the partial index: refused and quarantined messages are few among millions.
const Sql kByFate(
    "SELECT * FROM stored_message WHERE fate=?6 AND fate<>0 AND row > ?1 AND row < ?2 AND received_at >= ?3 "
    "AND "
    "received_at < ?4 AND (?7 IS NULL OR source=?7) ORDER BY row LIMIT ?5");
const Sql kEnds("SELECT (SELECT min(row) FROM message), (SELECT max(row) FROM message)");
const Sql kFromRow("SELECT row, received_at FROM message WHERE row >= ?1 ORDER BY row LIMIT 1");
const Sql kCount(
    "SELECT source, fate, count(*) FROM message WHERE row >= ?1 AND received_at >= ?2 AND received_at < ?3 "
    "GROUP BY source, fate ORDER BY source, fate");

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
// Clocks are set back by some minutes now and then; rows around a limit in time are looked at one by one.
constexpr std::chrono::hours kClockSteps{1};

const Sql& sql_for(const MessageFilter& filter) {
  if (filter.fate && *filter.fate != Fate::Stored) return kByFate;
  return filter.source ? kBySource : kByRows;
}

// Those with rows between the two, until there are as many as asked for.
Result<void> add_messages(Connection& connection, const MessageFilter& filter, std::int64_t after,
                          std::int64_t below, std::vector<StoredMessage>& messages) {
  Statement statement = connection.query(
      sql_for(filter), after, below,
      filter.from ? to_column(*filter.from) : std::numeric_limits<std::int64_t>::min(),
      filter.until ? to_column(*filter.until) : kNever, filter.limit - messages.size(), filter.fate);
  if (&sql_for(filter) != &kByRows) statement.bind(7, filter.source);
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row) return forward(row);
    if (!*row) return {};
    messages.push_back(message_from(statement));
  }
}

}  // namespace

Result<MessageRow> first_row_at(Connection& connection, Instant at) {
  Statement ends = connection.statement(kEnds);
  const Result<bool> any = ends.step();
  if (!any) return forward(any);
  std::int64_t low = ends.integer(0);       // everything below is too old
  std::int64_t high = ends.integer(1) + 1;  // this one is not
  Statement probe = connection.statement(kFromRow);
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    probe.reset();
    probe.bind_all(middle);
    const Result<bool> found = probe.step();
    if (!found) return forward(found);
    if (!*found || to_instant(probe.integer(1)) >= at) {
      high = middle;
    } else {
      low = probe.integer(0) + 1;
    }
  }
  return MessageRow{low};
}

Result<std::vector<StoredMessage>> list_messages(Connection& connection, const MessageFilter& filter) {
  std::int64_t after = filter.after.value;
  std::int64_t below = kNever;
  if (filter.from) {
    const auto first = first_row_at(connection, *filter.from - kClockSteps);
    if (!first) return forward(first);
    after = std::max(after, first->value - 1);
  }
  if (filter.until) {
    const auto end = first_row_at(connection, *filter.until + kClockSteps);
    if (!end) return forward(end);
    below = end->value;
  }
  std::vector<StoredMessage> messages;
  if (&sql_for(filter) != &kBySource) {
    const Result<void> added = add_messages(connection, filter, after, below, messages);
    if (!added) return forward(added);
    return messages;
  }
  const auto ranges = ranges_of_source(connection, *filter.source, {after + 1, below});
  if (!ranges) return forward(ranges);
  for (const RowRange& range : *ranges) {
    if (messages.size() >= filter.limit) break;
    const Result<void> added = add_messages(connection, filter, range.first - 1, range.end, messages);
    if (!added) return forward(added);
  }
  return messages;
}

Result<std::vector<FateCount>> count_fates(Connection& connection, Instant from, Instant until) {
  const auto first = first_row_at(connection, from - kClockSteps);
  if (!first) return forward(first);
  Statement statement = connection.query(kCount, *first, to_column(from), to_column(until));
  std::vector<FateCount> counts;
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row) return forward(row);
    if (!*row) return counts;
    counts.push_back({statement.id<SourceId>(0), static_cast<Fate>(statement.integer(1)),
                      static_cast<std::uint64_t>(statement.integer(2))});
  }
}

}  // namespace lienthong::journal
