#pragma once
// Codes that no row of a code table maps: how often, when, and which messages wait for a row. Source:
// docs/semantics.md ("never dropped and never guessed"), rule 25 for what happens once a row is there.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/journal/message_record.h"
#include "gateway/store/transaction.h"

namespace lienthong::journal {

// As a message says it. Views live until the call returns.
struct UnmappedCode {
  std::string_view table;
  std::string_view code;  // as sent; longer ones are kept by their first kCodeBytes
  bool operator==(const UnmappedCode&) const = default;
};
inline constexpr std::size_t kCodeBytes = 200;
// Messages that are noted for one code; `seen` tells when there were more, which a replay of the source
// reaches.
inline constexpr std::uint64_t kMostWaiting = 100'000;

// Counts the codes of a message and notes that it waits for them; each code once a message. Writer.
Result<void> note_unmapped(store::Transaction& transaction, MessageRow message, SourceId source, Instant at,
                           std::span<const UnmappedCode> codes);
// The same for a message that has been converted again: it waits for these and for no others; they are not
// counted a second time. Codes that nothing waits for any more are forgotten. Writer.
Result<void> renew_unmapped(store::Transaction& transaction, MessageRow message, SourceId source, Instant at,
                            std::span<const UnmappedCode> codes);

using CodeRowId = StrongId<struct CodeRowTag, std::int64_t>;

struct WaitingCode {
  CodeRowId row;
  SourceId source;
  std::string table, code;
  std::uint64_t seen = 0;  // messages that had it
  Instant first_seen, last_seen;
  std::uint64_t waiting = 0;            // messages noted
  std::vector<MessageNumber> examples;  // the newest, at most three
};

struct WaitingFilter {
  std::optional<SourceId> source;
  std::string_view table;  // empty = all
  std::size_t limit = 1000;
};
// The most frequent first.
Result<std::vector<WaitingCode>> list_waiting(store::Connection& connection, const WaitingFilter& filter);

// Messages that wait for any of the codes, ascending, each once, above `after`, at most `limit`.
Result<std::vector<MessageRow>> messages_waiting(store::Connection& connection,
                                                 std::span<const CodeRowId> codes, MessageRow after,
                                                 std::size_t limit);

// When a message is deleted. Writer.
Result<void> forget_waiting(store::Transaction& transaction, MessageRow message);

}  // namespace lienthong::journal
