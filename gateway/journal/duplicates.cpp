#include "gateway/journal/duplicates.h"

#include "gateway/journal/columns.h"
#include "gateway/journal/error_numbers.h"

namespace lienthong::journal {
namespace {

using store::Connection;
using store::Sql;
using store::Statement;

const Sql kAnyOfId("SELECT message FROM seen WHERE source=?1 AND control_id=?2 LIMIT 1");
const Sql kSame("SELECT message FROM seen WHERE source=?1 AND control_id=?2 AND hash=?3 AND received_at>=?4");
const Sql kSameId(
    "SELECT message FROM seen WHERE source=?1 AND control_id=?2 AND received_at>=?3 ORDER BY message DESC "
    "LIMIT 1");
const Sql kAnswer("SELECT number, fate, answer, problems FROM message WHERE row=?1");

Result<std::optional<MessageRow>> first(Statement statement) {
  const Result<bool> row = statement.step();
  if (!row) return forward(row);
  if (!*row) return std::optional<MessageRow>();
  return std::optional(statement.id<MessageRow>(0));
}

}  // namespace

Result<Seen> find_duplicate(Connection& connection, SourceId source, std::string_view control_id,
                            ContentHash hash, Instant now, std::chrono::microseconds window) {
  const std::string_view key = control_key(control_id);
  const std::int64_t oldest = to_column(now - window);
  if (!control_id.empty()) {
    // Nearly every message is new: one look that finds nothing is all it costs.
    const auto any = first(connection.query(kAnyOfId, source, key));
    if (!any) return forward(any);
    if (!*any) return Seen{};
  }
  const auto same = first(connection.query(kSame, source, key, to_column(hash), oldest));
  if (!same) return forward(same);
  if (*same) return Seen{Repeat::Duplicate, **same};
  if (control_id.empty()) return Seen{};
  const auto same_id = first(connection.query(kSameId, source, key, oldest));
  if (!same_id) return forward(same_id);
  if (*same_id) return Seen{Repeat::OtherContent, **same_id};
  return Seen{};
}

Result<EarlierAnswer> earlier_answer(Connection& connection, MessageRow row) {
  Statement statement = connection.query(kAnswer, row);
  const Result<bool> found = statement.step();
  if (!found) return forward(found);
  if (!*found) return fail(Category::NotFound, kMessageNotFound, "The journal has no such message.");
  EarlierAnswer answer;
  answer.number = MessageNumber{statement.uuid(0)};
  answer.fate = static_cast<Fate>(statement.integer(1));
  answer.answer = statement.blob(2);
  answer.problems = statement.text(3);
  return answer;
}

}  // namespace lienthong::journal
