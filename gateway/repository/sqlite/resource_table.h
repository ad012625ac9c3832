#pragma once
// Rows of the tables resource, history, ids, uniq, ref, change and type_total. Everything that makes a
// version goes through here, so that keys, history and change numbers always fit the newest version.

#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/repository/sqlite/keys.h"
#include "gateway/repository/sqlite/resource_types.h"
#include "gateway/store/transaction.h"

namespace lienthong::repository::sqlite {

// Bits of resource.flags and history.flags.
enum Flag : std::uint32_t {
  kDeleted = 1,
  kCreated = 2,      // this version made the resource (anew)
  kMentioned = 4,    // known from mentions only (semantics 7)
  kPlaceholder = 8,  // something refers to it, nobody has stated it: no version yet
  kTest = 16,        // tagged HTEST (semantics 19); a deletion keeps it
};

// A resource's newest version without its body.
struct Head {
  ResourceRow row;
  TypeNumber type = 0;
  std::string id;
  std::uint32_t version = 0;
  Instant updated{};
  std::int64_t change = 0;
  std::uint32_t flags = 0;
  ResourceRow lane;
  FacilityId owner;
  std::int64_t sequence = 0;  // of the owner's store, for delivered resources (semantics 5)
  std::uint64_t claim = 0;    // hash of the claim applied last
  MessageNumber source;

  bool deleted() const { return (flags & kDeleted) != 0; }
  bool live() const { return (flags & (kDeleted | kPlaceholder)) == 0; }
};

struct Record : Head {
  std::string keys;   // encode_keys
  std::string state;  // encode_state, packed; empty: never merged
  std::string body;   // packed
};

// Reading; any connection.
Result<std::optional<Head>> find_head(store::Connection& connection, TypeNumber type, std::string_view id);
Result<Head> load_head(store::Connection& connection, ResourceRow row);
Result<Record> load_record(store::Connection& connection, ResourceRow row);

// Writing; on the writer thread only. Counters live in memory: a rolled back job leaves a gap, never a
// repeat.
class ResourceTable {
 public:
  // Call at the start of each job: sets the time of its versions (never earlier than a former one).
  Result<void> begin(store::Transaction& transaction, Instant now);
  // Writes the totals. Call at the end of each job.
  Result<void> end(store::Transaction& transaction);

  ResourceRow new_row() { return {next_row_++}; }
  Instant now() const { return now_; }
  // Versions made since the start; any thread.
  std::uint64_t versions() const noexcept { return versions_.load(std::memory_order_relaxed); }

  // Makes `record` the newest version: sets version, updated, change, keys; the former version (`previous`,
  // null for a row not yet in the table) goes to the history. `keys` are resolved to rows here. A deletion
  // has no keys and body.
  Result<void> write_version(store::Transaction& transaction, Record& record, const Head* previous,
                             std::string_view previous_keys, const Keys& keys);
  // A new version with the same body and keys: its rendered form changed (links).
  Result<void> touch(store::Transaction& transaction, Head& head, const MessageNumber& source);
  // What is known besides the content changed: no version.
  Result<void> write_state(store::Transaction& transaction, const Head& head, std::string_view state);

  // The row of a resource that may not be stored yet (then a placeholder is made).
  Result<ResourceRow> row_of(store::Transaction& transaction, TypeNumber type, std::string_view id);

 private:
  Result<void> insert_row(store::Transaction& transaction, const Record& record);
  Result<void> update_row(store::Transaction& transaction, const Record& record);
  Result<void> write_change(store::Transaction& transaction, const Head& head);
  Result<StoredKeys> resolve(store::Transaction& transaction, const Keys& keys, const Head& head);
  Result<void> replace_keys(store::Transaction& transaction, const Head& head, const StoredKeys& before,
                            const StoredKeys& after);

  std::int64_t next_row_ = 0;  // 0: not read yet
  std::int64_t next_change_ = 1;
  Instant now_{};
  std::atomic<std::uint64_t> versions_{0};
  std::map<TypeNumber, std::int64_t> totals_;  // of this job
};

// 64-bit hash that the table ids is ordered by.
std::uint64_t id_hash(TypeNumber type, std::string_view id) noexcept;
// Target number of an absolute URL in the table ref: below zero.
std::int64_t url_target(std::string_view url) noexcept;

}  // namespace lienthong::repository::sqlite
