#include "gateway/journal/messages.h"

#include "gateway/journal/columns.h"
#include "gateway/journal/error_numbers.h"
#include "gateway/journal/message_blocks.h"
#include "gateway/store/sql.h"

namespace lienthong::journal {
namespace {

using store::Connection;
using store::Sql;
using store::Statement;
using store::Transaction;

const Sql kInsert(
    "INSERT INTO message(number, source, received_at, kind, fate, profile, control_id, hash, problems, "
    "answer, batch, "
    "place, raw_size, dictionary, raw) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
    "?15)");
// The newest message of a key is the one to answer as.
const Sql kRemember(
    "INSERT INTO seen(source, control_id, hash, message, received_at) VALUES (?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT DO UPDATE SET message=excluded.message, received_at=excluded.received_at");
const Sql kFindKind("SELECT id FROM kind WHERE name=?1");
const Sql kAddKind("INSERT INTO kind(name) VALUES (?1)");
const Sql kFindProfile("SELECT id FROM profile WHERE name=?1");
const Sql kAddProfile("INSERT INTO profile(name) VALUES (?1)");
const Sql kSetFate("UPDATE message SET fate=?2 WHERE row=?1");
const Sql kSetFateAndProblems("UPDATE message SET fate=?2, problems=?3 WHERE row=?1");
const Sql kSetProfile("UPDATE message SET profile=?2 WHERE row=?1");
const Sql kSetAnswer("UPDATE message SET answer=?2 WHERE row=?1");

Result<void> require_change(const Transaction& transaction, Result<void> done) {
  if (done && transaction.changes() == 0) {
    return fail(Category::NotFound, kMessageNotFound, "The journal has no such message.");
  }
  return done;
}

Result<void> insert(Transaction& transaction, const NewMessage& message, std::int64_t kind,
                    std::int64_t profile) {
  Statement statement =
      transaction.query(kInsert, message.number.value, message.source, to_column(message.received_at), kind,
                        message.fate, profile, text_or_null(message.control_id), to_column(message.hash),
                        text_or_null(message.problems), blob_or_null(message.answer), nullptr, nullptr,
                        message.raw.raw_size, message.raw.dictionary, blob_or_null(message.raw.bytes));
  if (message.place) {
    statement.bind(11, message.place->batch);
    statement.bind(12, message.place->offset);
    statement.bind(13, message.place->length);
  }
  return statement.run();
}

}  // namespace

std::string_view name_of(Fate fate) noexcept {
  switch (fate) {
    case Fate::Stored:
      return "stored";
    case Fate::Refused:
      return "refused";
    case Fate::Quarantined:
      return "quarantined";
    case Fate::Discarded:
      return "discarded";
  }
  return "unknown";
}

Result<MessageRow> append(Transaction& transaction, const NewMessage& message) {
  const auto kind = transaction.remembered_id(kFindKind, kAddKind, message.kind);
  if (!kind) return forward(kind);
  const auto profile = transaction.remembered_id(kFindProfile, kAddProfile, message.profile);
  if (!profile) return forward(profile);
  const Result<void> kept = insert(transaction, message, *kind, *profile);
  if (!kept) return forward(kept);
  const MessageRow row{transaction.last_insert_rowid()};
  const Result<void> remembered =
      transaction.run(kRemember, message.source, control_key(message.control_id), to_column(message.hash),
                      row, to_column(message.received_at));
  if (!remembered) return forward(remembered);
  if (const Result<void> noted = note_appended(transaction, row); !noted) return forward(noted);
  return row;
}

Result<void> set_fate(Transaction& transaction, MessageRow row, Fate fate,
                      std::optional<std::string_view> problems) {
  if (!problems) return require_change(transaction, transaction.run(kSetFate, row, fate));
  return require_change(transaction,
                        transaction.run(kSetFateAndProblems, row, fate, text_or_null(*problems)));
}

Result<void> set_profile(Transaction& transaction, MessageRow row, std::string_view profile) {
  const auto id = transaction.remembered_id(kFindProfile, kAddProfile, profile);
  if (!id) return forward(id);
  return require_change(transaction, transaction.run(kSetProfile, row, *id));
}

Result<void> set_answer(Transaction& transaction, MessageRow row, std::string_view answer) {
  return require_change(transaction, transaction.run(kSetAnswer, row, blob_or_null(answer)));
}

}  // namespace lienthong::journal
