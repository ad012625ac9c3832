#pragma once
// Work for the writer, and how its submitter hears of the end.
//
// The writer is one thread at a time: its own, or one that ends its turn (Store::end_turn) with a single
// brief job.

#include <cstddef>
#include <vector>

#include "gateway/base/move_function.h"
#include "gateway/base/result.h"
#include "gateway/store/transaction.h"

namespace lienthong::store {

using Work = MoveFunction<Result<void>(Transaction&)>;
using Completion = MoveFunction<void(Result<void>)>;

// One job's end: call it once, on the thread of the one who asked.
struct Completed {
  Completion completion;
  Result<void> result;
  void operator()() { completion(std::move(result)); }
};

// Brings the completions of one commit to the thread that waits for them: one post, one wake-up a commit.
// Called on the writer thread; must not block. Must outlive the Store or every job that names it.
class CompletionExecutor {
 public:
  virtual ~CompletionExecutor() = default;
  virtual void post(std::vector<Completed>&& batch) = 0;
};

struct Job {
  // Runs on the writer's thread of the moment. An Error undoes this job alone and goes to `completion`. It is
  // run at most once, unless it is `repeatable`.
  Work work;
  // `work` may be run again after what it wrote was undone, and then does as if it had not run before. Such
  // jobs share a SAVEPOINT with their neighbours; when one of them fails, all of them are undone and run
  // again, each in a SAVEPOINT of its own. Without it, each job has its own from the start, which costs about
  // 5 µs.
  bool repeatable = false;
  // `work` takes well under a millisecond: a thread at the end of its turn may run and commit it itself.
  bool brief = false;
  // Called once with the fate: success only after the COMMIT is on disk. May be empty.
  Completion completion;
  // What it holds in memory, about; counts towards the queue's bound.
  std::size_t bytes = 0;
  // nullptr: the completion is called on the thread that committed (it must be quick and must not throw).
  CompletionExecutor* executor = nullptr;
};

// Told about each group transaction; for rooms that keep something in memory across the jobs of one (posting
// tail blocks). On one thread at a time, like the jobs. Register before the first submit; must outlive the
// Store.
class BatchHook {
 public:
  virtual ~BatchHook() = default;
  // Before a job, or before several repeatable ones.
  virtual void before_job() {}
  // Their writes were undone: what they changed in memory since before_job() must be undone too.
  virtual void job_rolled_back() {}
  // Last chance to write into the group transaction. An Error rolls back and fails the whole group.
  virtual Result<void> before_commit(Transaction&) { return {}; }
  // After the completions have been handed out: nobody waits for what is done here.
  virtual void after_commit() {}
  // Everything since the last after_commit() is undone.
  virtual void after_rollback() {}
};

}  // namespace lienthong::store
