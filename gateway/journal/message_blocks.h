#pragma once
// Internal to journal: finding messages by number or source without an index that every message is entered
// into. Rows stand in blocks of 256; of a block that is full it is kept between which numbers its messages
// lie and of which sources they are. Numbers ascend with time, so few blocks come into question for one; the
// rows behind the last full block are looked at one by one.

#include <optional>
#include <vector>

#include "gateway/journal/message_record.h"
#include "gateway/store/transaction.h"

namespace lienthong::journal {

inline constexpr std::int64_t kBlockRows = 256;

// After `row` was appended: describes its block when that is full now.
Result<void> note_appended(store::Transaction& transaction, MessageRow row);
// After messages were removed: forgets the blocks that stand before the first one left.
Result<void> forget_blocks(store::Transaction& transaction);

// Nothing when no message has this number.
Result<std::optional<MessageRow>> row_of_number(store::Connection& connection, const MessageNumber& number);

struct RowRange {
  std::int64_t first;
  std::int64_t end;  // the first row behind it
};
// Where messages of the source may stand among the rows in [first, end); ascending.
Result<std::vector<RowRange>> ranges_of_source(store::Connection& connection, SourceId source,
                                               RowRange within);

}  // namespace lienthong::journal
