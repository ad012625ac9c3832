#include "gateway/journal/waiting_codes.h"

#include <algorithm>
#include <iterator>

#include "gateway/journal/columns.h"
#include "gateway/store/sql.h"

namespace lienthong::journal {
namespace {

using store::Connection;
using store::Sql;
using store::Statement;
using store::Transaction;

const Sql kCount(
    "INSERT INTO unmapped_code(source, name, code, seen, first_at, last_at) VALUES (?1, ?2, ?3, ?5, ?4, ?4) "
    "ON CONFLICT(source, name, code) DO UPDATE SET seen=seen+?5, first_at=min(first_at, ?4), "
    "last_at=max(last_at, ?4)");
// Not RETURNING: that makes a table in memory for each message.
const Sql kCounted("SELECT row, seen FROM unmapped_code WHERE source=?1 AND name=?2 AND code=?3");
const Sql kWait("INSERT OR IGNORE INTO waiting_code(code, message) VALUES (?1, ?2)");
const Sql kOfMessage("SELECT code FROM waiting_code WHERE message=?1");
const Sql kWaitNoMore("DELETE FROM waiting_code WHERE message=?1");
const Sql kForgetCode(
    "DELETE FROM unmapped_code WHERE row=?1 AND NOT EXISTS (SELECT 1 FROM waiting_code WHERE code=?1)");
const Sql kList(
    "SELECT row, source, name, code, seen, first_at, last_at, "
    "(SELECT count(*) FROM waiting_code w WHERE w.code=u.row) FROM unmapped_code u "
    "WHERE (?1 IS NULL OR source=?1) AND (?2 IS NULL OR name=?2) ORDER BY seen DESC, name, code LIMIT ?3");
const Sql kExamples(
    "SELECT m.number FROM waiting_code w JOIN message m ON m.row=w.message WHERE w.code=?1 "
    "ORDER BY w.message DESC LIMIT 3");
const Sql kMessages(
    "SELECT message FROM waiting_code WHERE code=?1 AND message > ?2 ORDER BY message LIMIT ?3");

// A code is cut between characters, so that it stays UTF-8.
std::string_view code_key(std::string_view code) noexcept {
  if (code.size() <= kCodeBytes) return code;
  std::size_t end = kCodeBytes;
  while (end > 0 && (static_cast<unsigned char>(code[end]) & 0xC0) == 0x80) --end;
  return code.substr(0, end);
}

struct Counted {
  std::int64_t row = 0;
  std::uint64_t seen = 0;
};

Result<Counted> count_code(Transaction& transaction, SourceId source, Instant at, const UnmappedCode& code,
                           int messages) {
  const std::string_view key = code_key(code.code);
  if (auto done = transaction.run(kCount, source, code.table, key, to_column(at), messages); !done)
    return forward(done);
  Statement statement = transaction.query(kCounted, source, code.table, key);
  const Result<bool> row = statement.step();
  if (!row) return forward(row);
  return Counted{statement.integer(0), static_cast<std::uint64_t>(statement.integer(1))};
}

// `messages`: 1 when the message is new, 0 when it was counted before.
Result<void> wait_for(Transaction& transaction, MessageRow message, SourceId source, Instant at,
                      std::span<const UnmappedCode> codes, int messages) {
  for (auto code = codes.begin(); code != codes.end(); ++code) {
    if (std::find(codes.begin(), code, *code) != code) continue;
    const auto counted = count_code(transaction, source, at, *code, messages);
    if (!counted) return forward(counted);
    if (messages > 0 && counted->seen > kMostWaiting) continue;
    if (auto waits = transaction.run(kWait, counted->row, message); !waits) return waits;
  }
  return {};
}

Result<std::vector<std::int64_t>> codes_of(Connection& connection, MessageRow message) {
  std::vector<std::int64_t> codes;
  Statement statement = connection.query(kOfMessage, message);
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row) return forward(row);
    if (!*row) return codes;
    codes.push_back(statement.integer(0));
  }
}

Result<void> read_examples(Connection& connection, WaitingCode& code) {
  Statement statement = connection.query(kExamples, code.row);
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row) return forward(row);
    if (!*row) return {};
    code.examples.push_back(MessageNumber{statement.uuid(0)});
  }
}

}  // namespace

Result<void> note_unmapped(Transaction& transaction, MessageRow message, SourceId source, Instant at,
                           std::span<const UnmappedCode> codes) {
  return wait_for(transaction, message, source, at, codes, 1);
}

Result<void> renew_unmapped(Transaction& transaction, MessageRow message, SourceId source, Instant at,
                            std::span<const UnmappedCode> codes) {
  const auto before = codes_of(transaction, message);
  if (!before) return forward(before);
  if (auto done = transaction.run(kWaitNoMore, message); !done) return done;
  if (auto done = wait_for(transaction, message, source, at, codes, 0); !done) return done;
  for (const auto code : *before) {
    if (auto done = transaction.run(kForgetCode, code); !done) return done;
  }
  return {};
}

Result<void> forget_waiting(Transaction& transaction, MessageRow message) {
  return renew_unmapped(transaction, message, SourceId{}, Instant{}, {});
}

Result<std::vector<WaitingCode>> list_waiting(Connection& connection, const WaitingFilter& filter) {
  std::vector<WaitingCode> codes;
  {
    Statement statement = connection.query(kList, filter.source, text_or_null(filter.table), filter.limit);
    for (;;) {
      const Result<bool> row = statement.step();
      if (!row) return forward(row);
      if (!*row) break;
      codes.push_back({statement.id<CodeRowId>(0),
                       statement.id<SourceId>(1),
                       std::string(statement.text(2)),
                       std::string(statement.text(3)),
                       static_cast<std::uint64_t>(statement.integer(4)),
                       to_instant(statement.integer(5)),
                       to_instant(statement.integer(6)),
                       static_cast<std::uint64_t>(statement.integer(7)),
                       {}});
    }
  }
  for (auto& code : codes) {
    if (auto read = read_examples(connection, code); !read) return forward(read);
  }
  return codes;
}

Result<std::vector<MessageRow>> messages_waiting(Connection& connection, std::span<const CodeRowId> codes,
                                                 MessageRow after, std::size_t limit) {
  std::vector<MessageRow> messages;
  const auto by_row = [](MessageRow a, MessageRow b) { return a.value < b.value; };
  for (const auto code : codes) {
    Statement statement = connection.query(kMessages, code, after, limit);
    for (;;) {
      const Result<bool> row = statement.step();
      if (!row) return forward(row);
      if (!*row) break;
      messages.push_back(statement.id<MessageRow>(0));
    }
    std::sort(messages.begin(), messages.end(), by_row);
    messages.erase(std::unique(messages.begin(), messages.end()), messages.end());
    if (messages.size() > limit) messages.resize(limit);
  }
  return messages;
}

}  // namespace lienthong::journal
