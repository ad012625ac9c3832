// How commits reach the WAL's file.

#include "gateway/store/gathered_writes.h"

#include <catch2/catch.hpp>

#include "gateway/store/connection.h"
#include "gateway/store/maintenance.h"
#include "store_fixture.h"
#include "vfs_shim.h"

using namespace lienthong;
using namespace lienthong::store;
using namespace lienthong::test;

namespace {

const std::string kBody(3'000, 'p');  // nearly a page each

// Writes `count` things from `first` on, then fails when `fails` is set.
Result<void> add_things(Store& store, std::int64_t first, std::int64_t count, bool fails = false) {
  return store.submit_and_wait([=](Transaction& transaction) -> Result<void> {
    for (std::int64_t id = first; id < first + count; ++id) {
      if (Result<void> done = transaction.run(kAddThing, id, Blob{kBody}); !done) return done;
    }
    if (fails) return fail(Category::Incorrect, 1, "on purpose");
    return {};
  });
}

}  // namespace

TEST_CASE("a commit of many pages is written by few calls") {
  VfsShim shim;
  TemporaryFolder folder;
  StoreOptions options = options_for(folder);
  options.vfs = shim.name();
  options.checkpoint_every = std::chrono::hours(1);
  auto store = open_or_throw(options);
  REQUIRE(add_things(*store, 1, 1));
  const auto before = shim.operations();
  REQUIRE(add_things(*store, 100, 100));
  CHECK(shim.operations() - before < 20);
  CHECK(count(*store) == 101);
}

TEST_CASE("what a transaction reads back is what it wrote, gathered or not") {
  TemporaryFolder folder;
  const GatheredWrites gathered("");
  auto opened = Connection::open(folder.file("plain.db"), Connection::Mode::Create, gathered.name());
  REQUIRE(opened);
  Connection& connection = **opened;
  // So small a cache writes pages into the WAL, and reads them from there again, before the commit.
  REQUIRE(
      connection.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=4; "
                         "CREATE TABLE t(id INTEGER PRIMARY KEY, body BLOB); BEGIN IMMEDIATE; "
                         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<200) "
                         "INSERT INTO t SELECT i, zeroblob(3000) FROM n; SAVEPOINT s; "
                         "UPDATE t SET body=randomblob(3500); ROLLBACK TO s; RELEASE s; "
                         "UPDATE t SET body=zeroblob(10) WHERE id % 2 = 0; COMMIT"));
  const auto check = [](Connection& reader) {
    Statement sums = reader.prepare("SELECT count(*), sum(length(body)), max(hex(body) LIKE '%1%') FROM t");
    REQUIRE(sums.step().value_or(false));
    CHECK(sums.integer(0) == 200);
    CHECK(sums.integer(1) == 100 * 3000 + 100 * 10);
    CHECK(sums.integer(2) == 0);
  };
  check(connection);
  auto other = Connection::open(folder.file("plain.db"), Connection::Mode::ReadOnly, "");
  REQUIRE(other);
  check(**other);
}

TEST_CASE("what an undone transaction had gathered never overwrites another program's commit") {
  TemporaryFolder folder;
  StoreOptions options = options_for(folder);
  options.checkpoint_every = std::chrono::hours(1);
  options.cache_kib = 64;
  auto store = open_or_throw(options);
  auto other = Connection::open(options.path, Connection::Mode::ReadWrite, "");
  REQUIRE(other);
  for (std::int64_t round = 1; round <= 20; ++round) {
    REQUIRE_FALSE(add_things(*store, round * 1'000, 10 * round, true));
    const auto id = std::to_string(round);
    REQUIRE((*other)->execute(("INSERT INTO thing(id, body) VALUES (" + id + ", zeroblob(9000))").c_str()));
    REQUIRE(add_things(*store, round * 1'000, 2));
  }
  CHECK(count(*store) == 60);
  CHECK(check_store(options.path).value().empty());
}

TEST_CASE("gathering over a VFS that does not exist fails as opening does") {
  TemporaryFolder folder;
  StoreOptions options = options_for(folder);
  options.vfs = "no-such-vfs";
  CHECK_FALSE(Store::open(options, kThings));
}
