#pragma once
// At the end of a job: which stored result each claims copy is of, where the job may have changed that
// (semantics.md rule 16). The ties follow from what is stored now, not from the order in which it came.

#include <map>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "gateway/base/problem.h"
#include "gateway/identity/result_ties.h"
#include "gateway/repository/change.h"
#include "gateway/repository/sqlite/resource_table.h"
#include "gateway/repository/sqlite/result_facts.h"
#include "gateway/repository/sqlite/result_search.h"

namespace lienthong::repository::sqlite {

class ResultTies {
 public:
  // `problems` may be null. All must outlive it.
  ResultTies(store::Transaction& transaction, ResourceTable& table, const MessageNumber& message,
             ProblemSink* problems)
      : transaction_(transaction),
        table_(table),
        message_(message),
        problems_(problems),
        search_(transaction, *table.scheme(), table.waiting()) {}

  // Judges what `notes` may have changed. A copy whose tie changed gets a new version, unless the job made
  // one already, and stands in `changes`.
  Result<void> run(const TieNotes& notes, std::vector<Change>& changes);

 private:
  // A result that agrees with a copy.
  struct Agreeing {
    std::int64_t row = 0;
    Distance distance;
    bool same_record = false;
  };
  struct Loaded {
    ResultFacts facts;
    ResourceRow patient;
    std::uint32_t flags = 0;
  };

  Result<void> note_written(const TieNotes::Result& result);
  Result<void> look_for_copies(ResourceRow original);
  Result<void> add_copies_of(ResourceRow patient);
  Result<void> judge(std::int64_t copy);
  Result<std::vector<Agreeing>> agreeing_with(const Loaded& copy);
  static identity::Tie tie_of(std::vector<Agreeing> agreeing);
  Result<void> show(std::int64_t copy, std::vector<Change>& changes);
  void raise_several();

  Result<const Loaded*> load(std::int64_t row);
  Result<const std::vector<std::int64_t>*> records_of(ResourceRow patient);

  store::Transaction& transaction_;
  ResourceTable& table_;
  const MessageNumber& message_;
  ProblemSink* problems_;
  ResultSearch search_;
  ResultReader reader_;
  std::set<std::int64_t> copies_;      // to be judged
  std::vector<std::int64_t> changed_;  // of them, those whose tie is another now
  std::unordered_map<std::int64_t, Loaded> loaded_;
  std::map<std::int64_t, std::vector<std::int64_t>> records_;  // of each patient's person
  std::map<std::int64_t, bool> has_copies_;                    // by patient: some record of the person has
};

// For the end of a job: nothing to do costs nothing.
Result<void> settle_ties(store::Transaction& transaction, ResourceTable& table, const MessageNumber& message,
                         ProblemSink* problems, std::vector<Change>& changes);

}  // namespace lienthong::repository::sqlite
