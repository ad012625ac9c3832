#include "gateway/journal/crashes.h"

#include "gateway/journal/columns.h"

namespace lienthong::journal {
namespace {

using store::Sql;
using store::Statement;

const Sql kCount(
    "INSERT INTO crasher(source, hash, crashes, last_at) VALUES (?1, ?2, 1, ?3) "
    "ON CONFLICT DO UPDATE SET crashes=crashes+1, last_at=excluded.last_at RETURNING crashes");
const Sql kAll("SELECT source, hash, crashes, last_at FROM crasher ORDER BY source, hash");
const Sql kForget("DELETE FROM crasher WHERE source=?1 AND hash=?2");

}  // namespace

Result<std::uint32_t> count_crash(store::Transaction& transaction, SourceId source, ContentHash hash,
                                  Instant at) {
  Statement statement = transaction.query(kCount, source, to_column(hash), to_column(at));
  const Result<bool> row = statement.step();
  if (!row) return forward(row);
  const auto crashes = static_cast<std::uint32_t>(statement.integer(0));
  const Result<void> ended = statement.run();
  if (!ended) return forward(ended);
  return crashes;
}

Result<std::vector<Crasher>> read_crashers(store::Connection& connection) {
  std::vector<Crasher> crashers;
  Statement statement = connection.statement(kAll);
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row) return forward(row);
    if (!*row) return crashers;
    crashers.push_back({statement.id<SourceId>(0), statement.id<ContentHash>(1),
                        static_cast<std::uint32_t>(statement.integer(2)), to_instant(statement.integer(3))});
  }
}

Result<void> forget_crashes(store::Transaction& transaction, SourceId source, ContentHash hash) {
  return transaction.run(kForget, source, to_column(hash));
}

}  // namespace lienthong::journal
