// The store on a disk that is full, fails, or loses power.

#include <sqlite3.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <set>

#include "gateway/store/error_numbers.h"
#include "gateway/store/maintenance.h"
#include "store_fixture.h"
#include "vfs_shim.h"

using namespace lienthong;
using namespace lienthong::store;
using namespace lienthong::test;

namespace {

const Sql kIds("SELECT id FROM thing ORDER BY id");

std::set<std::int64_t> stored_ids(Store& store) {
  std::set<std::int64_t> ids;
  auto reader = store.open_reader();
  REQUIRE(reader);
  Statement statement = (*reader)->statement(kIds);
  while (statement.step().value_or(false)) ids.insert(statement.integer(0));
  return ids;
}

StoreOptions options_on(const VfsShim& shim, const TemporaryFolder& folder) {
  StoreOptions options = options_for(folder);
  options.vfs = shim.name();
  options.checkpoint_every = std::chrono::milliseconds(5);
  options.full_retry = std::chrono::milliseconds(10);
  options.wal_limit_bytes = 200'000;
  options.cache_kib = 64;  // pages spill into the WAL before the commit
  return options;
}

// Each job writes two rows, 2n and 2n+1, that must never be seen apart.
Job pair_job(std::int64_t n, Completion completion) {
  Job job;
  job.work = [n](Transaction& transaction) -> Result<void> {
    const std::string body(static_cast<std::size_t>(500 + n % 3'000), 'p');
    if (Result<void> done = transaction.run(kAddThing, 2 * n, Blob{body}); !done) return done;
    return transaction.run(kAddThing, 2 * n + 1, Blob{body});
  };
  job.completion = std::move(completion);
  return job;
}

// Submits pairs from `first` on until the store fails; returns those acknowledged.
std::set<std::int64_t> write_until_failure(Store& store, std::int64_t first) {
  std::mutex mutex;
  std::set<std::int64_t> acknowledged;
  for (std::int64_t n = first; store.state() != StoreState::Failed; ++n) {
    static_cast<void>(store.submit(pair_job(n, [&, n](const Result<void>& result) {
      const std::lock_guard lock(mutex);
      if (result) acknowledged.insert(n);
    })));
    if (n % 16 == 0) wait_until([&] { return store.queue_depth() < 8; });
  }
  store.stop();
  return acknowledged;
}

}  // namespace

TEST_CASE("power loss: what was acknowledged is there, the rest is whole or absent") {
  VfsShim shim;
  TemporaryFolder folder;
  std::set<std::int64_t> acknowledged;
  std::int64_t first = 1;
  for (std::uint32_t round = 0; round < 25; ++round) {
    std::atomic<bool> fatal{false};
    {
      StoreOptions options = options_on(shim, folder);
      options.on_fatal = [&fatal](const Error&) { fatal = true; };
      auto store = open_or_throw(options);
      const std::set<std::int64_t> before = stored_ids(*store);
      for (const std::int64_t n : acknowledged) {
        REQUIRE(before.count(2 * n) == 1);
        REQUIRE(before.count(2 * n + 1) == 1);
      }
      for (const std::int64_t id : before) REQUIRE(before.count(id ^ 1) == 1);
      shim.cut_power_at(20 + round * 37);
      acknowledged.merge(write_until_failure(*store, first));
      CHECK(shim.power_is_off());
      CHECK(fatal);
    }
    shim.restore_after_loss(round);
    REQUIRE(check_store(options_for(folder).path).value().empty());
    first += 100'000;
  }
  CHECK(acknowledged.size() > 25);
}

TEST_CASE("power loss: the shim really forgets what was not synced") {
  VfsShim shim;
  TemporaryFolder folder;
  const std::string path = folder.file("plain.db");
  {
    auto connection = Connection::open(path, Connection::Mode::Create, shim.name());
    REQUIRE((*connection)->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(x)"));
    REQUIRE((*connection)->execute("PRAGMA synchronous=OFF"));
    for (int i = 0; i < 50; ++i) REQUIRE((*connection)->execute("INSERT INTO t VALUES (zeroblob(3000))"));
    shim.cut_power_at(1);
    CHECK_FALSE((*connection)->execute("INSERT INTO t VALUES (1)"));
  }
  shim.restore_after_loss(1);
  auto connection = Connection::open(path, Connection::Mode::ReadWrite, "");
  Statement rows = (*connection)->prepare("SELECT count(*) FROM t");
  REQUIRE(rows.step().value_or(false));
  CHECK(rows.integer(0) < 50);  // with synchronous=OFF acknowledged rows are lost
}

TEST_CASE("disk full: refuses as busy, reads on, resumes by itself, tells both changes once") {
  VfsShim shim;
  TemporaryFolder folder;
  StoreOptions options = options_on(shim, folder);
  std::atomic<int> became_full{0};
  std::atomic<int> had_room{0};
  options.on_full = [&](bool full) { ++(full ? became_full : had_room); };
  auto store = open_or_throw(options);
  REQUIRE(add_thing(*store, 1));
  shim.set_full(true);
  std::int64_t id = 2;
  std::set<std::int64_t> stored{1};
  // What fits into the space the WAL has already goes on being stored.
  CHECK(wait_until([&] {
    const Result<void> done = add_thing(*store, id, std::string(20'000, 'x'));
    if (done) stored.insert(id);
    ++id;
    return !done && done.error().number == kDiskFull && done.error().category == Category::Busy;
  }));
  CHECK(store->state() == StoreState::Full);
  CHECK(store->submit(pair_job(1'000'000, {})).error().category == Category::Busy);
  CHECK(stored_ids(*store) == stored);
  shim.set_full(false);
  REQUIRE(wait_until([&] { return had_room == 1; }));
  CHECK(store->state() == StoreState::Ready);
  CHECK(became_full == 1);
  REQUIRE(add_thing(*store, id));
  stored.insert(id);
  CHECK(stored_ids(*store) == stored);
}

TEST_CASE("disk full: the whole group is refused, also the jobs that had worked") {
  VfsShim shim;
  TemporaryFolder folder;
  StoreOptions options = options_on(shim, folder);
  options.full_retry = std::chrono::hours(1);
  auto store = open_or_throw(options);
  std::atomic<int> busy{0};
  std::atomic<int> other{0};
  shim.set_full(true);
  const auto tell = [&](const Result<void>& result) {
    !result&& result.error().category == Category::Busy ? ++busy : ++other;
  };
  Job blocker;
  std::atomic<bool> entered{false};
  std::atomic<bool> open{false};
  blocker.work = [&](Transaction&) -> Result<void> {
    entered = true;
    wait_until([&] { return open.load(); });
    return {};
  };
  REQUIRE(store->submit(std::move(blocker)));
  for (int i = 1; i <= 200; ++i) REQUIRE(store->submit(pair_job(i, tell)));
  open = true;
  REQUIRE(wait_until([&] { return busy + other == 200; }));
  CHECK(busy == 200);
  CHECK(stored_ids(*store).empty());
  CHECK(store->counters().rolled_back_batches == 1);
}

TEST_CASE("disk failure: a failed sync stops everything and is told once") {
  VfsShim shim;
  TemporaryFolder folder;
  std::atomic<int> fatal{0};
  StoreOptions options = options_on(shim, folder);
  options.checkpoint_every = std::chrono::hours(1);
  options.on_fatal = [&fatal](const Error& error) {
    if (error.category == Category::Fault) ++fatal;
  };
  auto store = open_or_throw(options);
  REQUIRE(add_thing(*store, 1));
  shim.fail_at(1, SQLITE_IOERR_FSYNC);
  Result<void> failed;
  for (std::int64_t id = 2; failed && id < 100; ++id) failed = add_thing(*store, id);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().category == Category::Fault);
  CHECK(failed.error().number == kStoreFailed);
  CHECK(store->state() == StoreState::Failed);
  REQUIRE(wait_until([&] { return fatal == 1; }));
  CHECK(add_thing(*store, 200).error().number == kStoreFailed);
  CHECK(stored_ids(*store).count(1) == 1);
}

TEST_CASE("disk failure: a checkpoint that fails stops the store too") {
  VfsShim shim;
  TemporaryFolder folder;
  std::atomic<bool> fatal{false};
  StoreOptions options = options_on(shim, folder);
  options.wal_limit_bytes = std::uint64_t{1} << 30;
  options.checkpoint_every = std::chrono::milliseconds(200);
  options.on_fatal = [&fatal](const Error&) { fatal = true; };
  auto store = open_or_throw(options);
  REQUIRE(add_thing(*store, 1));
  shim.fail_at(1, SQLITE_IOERR_WRITE);  // nobody else writes now: the next operation is the checkpoint's
  REQUIRE(wait_until([&] { return fatal.load(); }));
  CHECK(store->state() == StoreState::Failed);
}

TEST_CASE("checkpoints: the WAL stays near its limit under load, readers or not") {
  TemporaryFolder folder;
  StoreOptions options = options_for(folder);
  options.wal_limit_bytes = 1'000'000;
  options.checkpoint_every = std::chrono::milliseconds(5);
  auto store = open_or_throw(options);
  for (int i = 0; i < 600; ++i) REQUIRE(add_thing(*store, i, std::string(30'000, 'w')));
  CHECK(wait_until([&] { return store->counters().wal_truncations > 0; }));
  CHECK(store->counters().checkpoints > 0);
  auto reader = store->open_reader();
  {
    const auto snapshot = (*reader)->snapshot();
    // An old snapshot keeps the WAL: no commit may fail for that.
    for (int i = 1'000; i < 1'100; ++i) REQUIRE(add_thing(*store, i, std::string(30'000, 'w')));
    CHECK(count(**reader) == 600);
  }
  CHECK(wait_until([&] {
    static int next = 2'000;
    REQUIRE(add_thing(*store, next++, std::string(100, 'w')));
    return std::filesystem::file_size(options.path + "-wal") < 2'000'000;
  }));
}

TEST_CASE("another program that holds the write lock delays jobs and fails none") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  auto shell = Connection::open(options_for(folder).path, Connection::Mode::ReadWrite, "");
  REQUIRE((*shell)->execute("BEGIN IMMEDIATE"));
  std::atomic<int> done{0};
  REQUIRE(store->submit(pair_job(1, [&done](const Result<void>& result) { done = result ? 1 : -1; })));
  CHECK(store->queue_depth() == 1);
  REQUIRE((*shell)->execute("COMMIT"));
  REQUIRE(wait_until([&] { return done != 0; }));
  CHECK(done == 1);
}
