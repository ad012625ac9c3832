#pragma once
// Posting lists on the writer thread: what jobs add and remove waits in memory and is written once for each
// list and commit. A list is blocks in the table post and behind them a tail in post_tail, which takes new
// rows until they are worth a change of a block: the tails of all lists fill few pages, their last blocks one
// each. The tails in use are remembered.

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "gateway/repository/sqlite/posting_block.h"
#include "gateway/repository/sqlite/resource_keys.h"
#include "gateway/store/transaction.h"

namespace lienthong::repository::sqlite {

// A row that joins or leaves a list, not yet in the tables.
struct PostingEdit {
  PostingKey key;
  std::int64_t row = 0;
  bool add = true;
};

// Writer thread only.
class PostingWriter {
 public:
  void add(PostingKey key, std::int64_t row) { edits_.push_back({key, row, true}); }
  void remove(PostingKey key, std::int64_t row) { edits_.push_back({key, row, false}); }

  // Edits made behind a mark can be undone.
  std::size_t mark() const { return edits_.size(); }
  void undo_to(std::size_t mark) { edits_.resize(std::min(mark, edits_.size())); }

  // What waits, in order: searches on the writer's connection must see it.
  const std::vector<PostingEdit>& waiting() const { return edits_; }

  // Writes what waits. An Error means that the transaction must be rolled back, then forget().
  Result<void> flush(store::Transaction& transaction);
  // After a rollback of what flush() wrote: nothing waits, nothing is remembered.
  void forget();

 private:
  struct Tail {
    PostingBlock block;
    std::int64_t last = 0;   // no row of the list is above it
    bool older = false;      // rows may stand in post
    bool stored = false;     // post_tail has a row for the list
    std::uint64_t used = 0;  // the flush that used it last
  };
  struct KeyHash {
    std::size_t operator()(const PostingKey& key) const noexcept {
      const std::uint64_t mixed =
          (static_cast<std::uint64_t>(key.value) + key.parameter * 0x9E3779B97F4A7C15ull) *
          0xD6E8FEB86659FD93ull;
      return static_cast<std::size_t>(mixed ^ (mixed >> 32));
    }
  };

  Result<void> write_list(store::Transaction& transaction, std::span<const PostingEdit> edits);
  Result<void> change(store::Transaction& transaction, Tail& tail, std::span<const PostingEdit> edits);
  Result<void> append(store::Transaction& transaction, Tail& tail, PostingKey key, std::int64_t row);
  Result<void> move_to_post(store::Transaction& transaction, Tail& tail, PostingKey key);
  Result<void> write_tail(store::Transaction& transaction, Tail& tail, PostingKey key);
  Result<Tail*> tail_of(store::Transaction& transaction, PostingKey key);
  void settle();
  void limit_memory();

  static constexpr std::size_t kMostTailBytes = std::size_t{8} << 20;

  std::vector<PostingEdit> edits_;
  std::unordered_map<PostingKey, Tail, KeyHash> tails_;
  std::size_t tail_bytes_ = 0;
  std::uint64_t flushes_ = 0;
};

}  // namespace lienthong::repository::sqlite
