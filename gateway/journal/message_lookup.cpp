// Reading single messages and their bytes.

#include "gateway/journal/batches.h"
#include "gateway/journal/columns.h"
#include "gateway/journal/compressor.h"
#include "gateway/journal/error_numbers.h"
#include "gateway/journal/message_blocks.h"
#include "gateway/journal/message_columns.h"
#include "gateway/journal/messages.h"

namespace lienthong::journal {
namespace {

using store::Connection;
using store::Sql;
using store::Statement;

const Sql kByRow("SELECT * FROM stored_message WHERE row=?1");
const Sql kRaw("SELECT raw, raw_size, dictionary, batch, place FROM message WHERE row=?1");

Failure no_such_message() {
  return fail(Category::NotFound, kMessageNotFound, "The journal has no such message.");
}

}  // namespace

StoredMessage message_from(const Statement& columns) {
  StoredMessage message;
  message.row = columns.id<MessageRow>(0);
  message.number = MessageNumber{columns.uuid(1)};
  message.source = columns.id<SourceId>(2);
  message.received_at = to_instant(columns.integer(3));
  message.kind = columns.text(4);
  message.fate = static_cast<Fate>(columns.integer(5));
  message.profile = columns.text(6);
  message.control_id = columns.text(7);
  message.hash = columns.id<ContentHash>(8);
  message.problems = columns.text(9);
  message.answer = columns.blob(10);
  message.raw_size = static_cast<std::uint64_t>(columns.integer(13));
  if (!columns.is_null(11)) {
    message.place = BatchPlace{columns.id<BatchRow>(11), static_cast<std::uint64_t>(columns.integer(12)),
                               message.raw_size};
  }
  return message;
}

Result<StoredMessage> read_message(Connection& connection, MessageRow row) {
  Statement statement = connection.query(kByRow, row);
  const Result<bool> found = statement.step();
  if (!found) return forward(found);
  if (!*found) return no_such_message();
  return message_from(statement);
}

Result<StoredMessage> read_message(Connection& connection, const MessageNumber& number) {
  const Result<MessageRow> row = find_row(connection, number);
  if (!row) return forward(row);
  return read_message(connection, *row);
}

Result<MessageRow> find_row(Connection& connection, const MessageNumber& number) {
  const auto row = row_of_number(connection, number);
  if (!row) return forward(row);
  if (!*row) return no_such_message();
  return **row;
}

Result<std::string> read_raw(Connection& connection, const Dictionaries& dictionaries, MessageRow row) {
  Statement statement = connection.query(kRaw, row);
  const Result<bool> found = statement.step();
  if (!found) return forward(found);
  if (!*found) return no_such_message();
  const auto size = static_cast<std::uint64_t>(statement.integer(1));
  if (!statement.is_null(3)) {
    const auto offset = static_cast<std::uint64_t>(statement.integer(4));
    return read_range(connection, dictionaries, {statement.id<BatchRow>(3), offset, size});
  }
  if (statement.is_null(0)) return std::string();  // an empty message
  return dictionaries.decompress({statement.blob(0), statement.id<DictionaryId>(2), size});
}

}  // namespace lienthong::journal
