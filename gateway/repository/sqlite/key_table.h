#pragma once
// Search keys on the writer thread: texts become numbers, and the difference between what a resource had and
// what it has now goes into the tables dict, uniq, str and post.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/repository/sqlite/posting_writer.h"
#include "gateway/repository/sqlite/stored_keys.h"
#include "gateway/store/transaction.h"

namespace lienthong::repository::sqlite {

// Writer thread only.
class KeyTable {
 public:
  // A state of the memory that a rolled back job returns to.
  struct Mark {
    std::size_t postings = 0, words = 0;
  };
  Mark mark() const { return {postings_.mark(), added_.size()}; }
  void undo_to(const Mark& mark);
  Result<void> flush(store::Transaction& transaction);
  // Everything since the last commit was rolled back.
  void forget();

  // The number of a code in the table dict; made when it is new.
  Result<std::int64_t> code_number(store::Transaction& transaction, ParameterNumber parameter,
                                   std::string_view system, std::string_view code);

  // Takes away what is in `before` and not in `after`, adds what is in `after` and not in `before`.
  Result<void> replace(store::Transaction& transaction, std::int64_t row, const StoredKeys& before,
                       const StoredKeys& after);

  const std::vector<PostingEdit>& waiting() const { return postings_.waiting(); }

 private:
  struct WordHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };
  // By parameter, system and code in one text.
  using Words = std::unordered_map<std::string, std::int64_t, WordHash, std::equal_to<>>;
  static constexpr std::size_t kMostWords = 100'000;

  PostingWriter postings_;
  Words words_;
  std::vector<std::string> added_;  // words made since the last commit
  std::string word_;
};

}  // namespace lienthong::repository::sqlite
