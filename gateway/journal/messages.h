#pragma once
// Keeping messages and finding them again.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/journal/dictionaries.h"
#include "gateway/journal/message_record.h"
#include "gateway/store/transaction.h"

namespace lienthong::journal {

// Keeps a message and remembers it for duplicate detection (duplicates.h). Rows ascend in the order of
// appending.
Result<MessageRow> append(store::Transaction& transaction, const NewMessage& message);

// Changes the fate (after triage or replay) and, when given, the problems. NotFound (LT-1301).
Result<void> set_fate(store::Transaction& transaction, MessageRow row, Fate fate,
                      std::optional<std::string_view> problems = std::nullopt);
// What the sender heard, if it is known only after append(). NotFound (LT-1301).
Result<void> set_answer(store::Transaction& transaction, MessageRow row, std::string_view answer);

// The mapping it was converted with last (after a replay). NotFound (LT-1301).
Result<void> set_profile(store::Transaction& transaction, MessageRow row, std::string_view profile);

// NotFound (LT-1301).
Result<StoredMessage> read_message(store::Connection& connection, MessageRow row);
Result<StoredMessage> read_message(store::Connection& connection, const MessageNumber& number);
Result<MessageRow> find_row(store::Connection& connection, const MessageNumber& number);

// The bytes as they were received, exactly. NotFound, Fault (LT-1302, LT-1303).
Result<std::string> read_raw(store::Connection& connection, const Dictionaries& dictionaries, MessageRow row);

struct MessageFilter {
  std::optional<SourceId> source;
  std::optional<Fate> fate;
  std::optional<Instant> from;   // received at or after
  std::optional<Instant> until;  // received before
  MessageRow after{0};           // for pages: rows above this one, ascending
  std::size_t limit = 100;
};

// Ascending by row.
Result<std::vector<StoredMessage>> list_messages(store::Connection& connection, const MessageFilter& filter);

// First row received at or after `at`, by bisection (rows ascend with time but for clock steps); past the
// last row when there is none.
Result<MessageRow> first_row_at(store::Connection& connection, Instant at);

struct FateCount {
  SourceId source;
  Fate fate;
  std::uint64_t messages;
};
// Per source and fate, received in [from, until).
Result<std::vector<FateCount>> count_fates(store::Connection& connection, Instant from, Instant until);

}  // namespace lienthong::journal
