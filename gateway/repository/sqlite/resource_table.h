#pragma once
// Rows of the tables resource, history, ids, change and type_total, and with KeyTable their search keys.
// Everything that makes a version goes through here, so that keys, history and change numbers always fit the
// newest version.

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/repository/sqlite/key_table.h"
#include "gateway/repository/sqlite/resource_types.h"
#include "gateway/repository/sqlite/tie_notes.h"
#include "gateway/store/job.h"
#include "gateway/store/transaction.h"

namespace lienthong::repository::sqlite {

// Bits of resource.flags and history.flags.
enum Flag : std::uint32_t {
  kDeleted = 1,
  kCreated = 2,       // this version made the resource (anew)
  kMentioned = 4,     // known from mentions only (semantics 7)
  kPlaceholder = 8,   // something refers to it, nobody has stated it: no version yet
  kTest = 16,         // tagged HTEST (semantics 19); a deletion keeps it
  kClaimsCopy = 64,   // an Observation tagged as a copy from an insurance claim (semantics 16)
  kMadeUp = 128,      // tagged as made up by an exporter (semantics 17)
  kLaterVisits = 32,  // an Encounter: its number was used for others, long after its end (semantics 4)
};

// Numbers behind the resource types in the table type_total: live Observations that are copies from claims,
// that are tied to a result, that an exporter made up.
inline constexpr TypeNumber kFirstTotal = 1000, kCopiesTotal = 1000, kTiedTotal = 1001, kMadeUpTotal = 1002;

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
// Head and body alone.
Result<Record> load_shown(store::Connection& connection, ResourceRow row);

// Writing; on the writer thread only. Counters live in memory: a rolled back job leaves a gap, never a
// repeat. As a hook of the store it writes posting lists and totals once a commit; without it, once a job.
class ResourceTable final : public store::BatchHook {
 public:
  explicit ResourceTable(std::shared_ptr<const KeyScheme> scheme) : scheme_(std::move(scheme)) {}

  // Call at the start of each job: sets the time of its versions (never earlier than a former one).
  Result<void> begin(store::Transaction& transaction, Instant now);
  // Call at the end of each job.
  Result<void> end(store::Transaction& transaction);

  // What is kept in memory, for parts of a job that are undone (a batch's entries).
  struct Mark {
    KeyTable::Mark keys;
    std::size_t totals = 0;
  };
  Mark mark() const { return {keys_.mark(), totals_.size()}; }
  void undo_to(const Mark& mark);

  ResourceRow new_row() { return {next_row_++}; }
  // A row for a resource that this job will write: references to it need no placeholder.
  ResourceRow reserve(TypeNumber type, std::string_view id);
  // A resource that this job has found.
  void note_row(TypeNumber type, std::string_view id, ResourceRow row);
  Instant now() const { return now_; }
  const std::shared_ptr<const KeyScheme>& scheme() const { return scheme_; }
  // Posting lists as they will be: searches inside a job must see them.
  const std::vector<PostingEdit>& waiting() const { return keys_.waiting(); }
  // A Patient's links or merges are others now: its person's copies of results are judged anew (semantics
  // 16).
  void note_person(ResourceRow patient) {
    if (has_copies_) tie_notes_.patients.push_back(patient);
  }
  // What the job wrote that concerns copies of results; nothing while the store has no copy.
  TieNotes take_tie_notes() { return std::exchange(tie_notes_, {}); }
  // So many copies more are tied than before.
  void count_tied(std::int64_t more) { totals_.emplace_back(kTiedTotal, more); }
  // Versions made since the start; any thread.
  std::uint64_t versions() const noexcept { return versions_.load(std::memory_order_relaxed); }

  // Makes `record` the newest version: sets version, updated, change, keys; the former version (`previous`,
  // null for a row not yet in the table) goes to the history. Codes and references of `keys` become numbers
  // and rows here. A deletion has no keys and body.
  Result<void> write_version(store::Transaction& transaction, Record& record, const Head* previous,
                             std::string_view previous_keys, const ResourceKeys& keys);
  // A new version with the same body and keys: its rendered form changed (links).
  Result<void> touch(store::Transaction& transaction, Head& head, const MessageNumber& source);
  // What is known besides the content changed: no version.
  Result<void> write_state(store::Transaction& transaction, const Head& head, std::string_view state);

  // The row of a resource that may not be stored yet (then a placeholder is made).
  Result<ResourceRow> row_of(store::Transaction& transaction, TypeNumber type, std::string_view id);

  // Makes the keys of some resources anew, for at most about 10 ms. True: there are more.
  Result<bool> rekey_slice(store::Transaction& transaction);

  void before_job() override;
  void job_rolled_back() override { undo_to(job_mark_); }
  Result<void> before_commit(store::Transaction& transaction) override { return flush(transaction); }
  void after_rollback() override;

 private:
  Result<void> load_counters(store::Transaction& transaction, Instant now);
  void note_result(const Record& record, const Head* previous);
  Result<void> flush(store::Transaction& transaction);
  Result<void> insert_row(store::Transaction& transaction, const Record& record);
  Result<void> update_row(store::Transaction& transaction, const Record& record);
  Result<void> write_change(store::Transaction& transaction, const Head& head);
  Result<StoredKeys> resolve(store::Transaction& transaction, const ResourceKeys& keys, const Head& head);
  Result<void> move_source(store::Transaction& transaction, const Head& head, const MessageNumber& source);
  Result<void> rekey(store::Transaction& transaction, const Record& record);
  Result<std::int64_t> first_to_rekey(store::Transaction& transaction);

  std::shared_ptr<const KeyScheme> scheme_;
  KeyTable keys_;
  std::int64_t next_row_ = 0;  // 0: not read yet
  std::int64_t next_change_ = 1;
  Instant now_{};
  std::atomic<std::uint64_t> versions_{0};
  std::vector<std::pair<TypeNumber, std::int64_t>> totals_;  // changes not yet written
  std::unordered_map<std::string, std::int64_t> job_rows_;   // rows met in this job, by type and id
  Mark job_mark_;
  bool hooked_ = false;
  bool has_copies_ = false;  // the store knows of a copy of a result, or a job has met one
  TieNotes tie_notes_;       // of this job
};

// Whether the stored keys are those of the scheme: false while rekey_slice() has work left. Any connection.
Result<bool> keys_are_current(store::Connection& connection, const KeyScheme& scheme);

// 64 bits that the table ids is ordered by: a hash; for UUIDs of version 7 their time above 24 bits of it, so
// that new ones stand together.
std::uint64_t id_hash(TypeNumber type, std::string_view id) noexcept;
// As stores of the first version know them.
std::uint64_t plain_id_hash(TypeNumber type, std::string_view id) noexcept;

}  // namespace lienthong::repository::sqlite
