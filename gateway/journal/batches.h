#pragma once
// Batches: one file, body or BHS…BTS whose raw bytes are kept once, in parts; its messages point into it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/journal/dictionaries.h"
#include "gateway/journal/message_record.h"
#include "gateway/store/transaction.h"

namespace lienthong::journal {

// Largest raw part: keeps a job under the writer's 20 ms.
inline constexpr std::size_t kBatchPartSize = std::size_t{1} << 20;

enum class BatchState : std::uint8_t {
  Open = 0,      // bytes or messages still to come; after a restart go on at `next_message`
  Finished = 1,  // every message has its fate
  Refused = 2,   // not taken as a whole
};

struct NewBatch {
  MessageNumber number;
  SourceId source;
  Instant received_at;
  std::string_view name;  // of the file, "" = none
  ContentHash hash;       // of the whole content; 0 if not known yet
};

struct StoredBatch {
  BatchRow row;
  MessageNumber number;
  SourceId source;
  Instant received_at;
  std::string name;
  ContentHash hash;
  BatchState state = BatchState::Open;
  std::uint64_t size = 0;          // raw bytes kept
  std::uint64_t next_message = 0;  // index of the first message without a fate
  std::string problems;            // compact JSON; "" = none
};

Result<BatchRow> open_batch(store::Transaction& transaction, const NewBatch& batch);
// Adds the next raw bytes (at most kBatchPartSize before compression), in order.
Result<void> append_part(store::Transaction& transaction, BatchRow batch, const CompressedRaw& part);
// Notes that the messages below `next_message` have their fates; in the transaction that keeps them.
Result<void> set_progress(store::Transaction& transaction, BatchRow batch, std::uint64_t next_message);
Result<void> close_batch(store::Transaction& transaction, BatchRow batch, BatchState state,
                         std::string_view problems);

// NotFound (LT-1305).
Result<StoredBatch> read_batch(store::Connection& connection, BatchRow batch);
// Those to go on with after a restart.
Result<std::vector<StoredBatch>> open_batches(store::Connection& connection);
// A finished or open batch of the same source and content, nullopt when there is none.
Result<std::optional<BatchRow>> find_batch(store::Connection& connection, SourceId source, ContentHash hash);
// Raw bytes [offset, offset + length). NotFound, Fault (LT-1303) when the range is not kept.
Result<std::string> read_range(store::Connection& connection, const Dictionaries& dictionaries,
                               const BatchPlace& place);

}  // namespace lienthong::journal
