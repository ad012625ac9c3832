#include "gateway/store/maintenance.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "gateway/store/error_numbers.h"
#include "gateway/store/setup.h"
#include "store_fixture.h"

using namespace lienthong;
using namespace lienthong::store;
using namespace lienthong::test;

namespace {

const Sql kFirstHole(
    "SELECT count(*), max(id) FROM thing");  // ids are given without gaps: a consistent copy has count = max

void damage(const std::string& path) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  for (std::streamoff page = 3; page < 40; ++page) {
    file.seekp(page * 4096 + 8);
    file << "damaged, damaged, damaged";
  }
}

void fill(Store& store, int things, std::size_t size) {
  for (int i = 1; i <= things; ++i) {
    Job job;
    job.work = [i, size](Transaction& transaction) {
      const std::string body(size, 'b');
      return transaction.run(kAddThing, i, Blob{body});
    };
    REQUIRE(store.submit(std::move(job)));
  }
  REQUIRE(store.submit_and_wait([](Transaction&) -> Result<void> { return {}; }));
}

}  // namespace

TEST_CASE("backup: taken under load it is one consistent state and restores") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  fill(*store, 3'000, 2'000);
  std::atomic<bool> stop{false};
  std::int64_t next = 3'001;
  std::thread load([&] {
    while (!stop && add_thing(*store, next)) ++next;
  });
  std::uint64_t steps = 0;
  const Result<void> saved = backup_store(options_for(folder).path, folder.file("copy.db"),
                                          [&](std::uint64_t, std::uint64_t) { ++steps; });
  stop = true;
  load.join();
  REQUIRE(saved);
  CHECK(steps > 1);
  CHECK(store->state() == StoreState::Ready);
  CHECK_FALSE(std::filesystem::exists(folder.file("copy.db.part")));
  CHECK(check_store(folder.file("copy.db")).value().empty());

  REQUIRE(restore_store(folder.file("copy.db"), folder.file("restored.db"), kThings));
  StoreOptions options = options_for(folder);
  options.path = folder.file("restored.db");
  auto restored = open_or_throw(options);
  CHECK(restored->installation() == store->installation());
  auto reader = restored->open_reader();
  Statement statement = (*reader)->statement(kFirstHole);
  REQUIRE(statement.step().value_or(false));
  CHECK(statement.integer(0) >= 3'000);
  CHECK(statement.integer(0) == statement.integer(1));
}

TEST_CASE("restore: replaces the old store, its WAL too") {
  TemporaryFolder folder;
  const std::string path = options_for(folder).path;
  {
    auto store = open_or_throw(options_for(folder));
    REQUIRE(add_thing(*store, 1));
    REQUIRE(backup_store(path, folder.file("copy.db")));
    REQUIRE(add_thing(*store, 2));
    const Result<void> in_use = restore_store(folder.file("copy.db"), path, kThings);
    REQUIRE_FALSE(in_use);
    CHECK(in_use.error().number == kStoreInUse);
  }
  {
    // A WAL that the old store left behind, as after a crash.
    std::ofstream(path + "-wal", std::ios::binary) << "left behind";
  }
  REQUIRE(restore_store(folder.file("copy.db"), path, kThings));
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
  CHECK(count(*open_or_throw(options_for(folder))) == 1);
}

TEST_CASE("restore: refuses what is damaged, newer, foreign or empty, and keeps the old store") {
  TemporaryFolder folder;
  const std::string path = options_for(folder).path;
  {
    auto store = open_or_throw(options_for(folder));
    fill(*store, 200, 2'000);
    REQUIRE(backup_store(path, folder.file("copy.db")));
  }
  CHECK(restore_store(folder.file("copy.db"), path, {}).error().number == kSchemaTooNew);
  damage(folder.file("copy.db"));
  CHECK(restore_store(folder.file("copy.db"), path, kThings).error().number == kStoreCorrupt);
  {
    std::ofstream(folder.file("letter")) << std::string(5'000, 'x');
  }
  CHECK(restore_store(folder.file("letter"), path, kThings).error().number == kNotAStore);
  {
    std::ofstream(folder.file("empty"));
  }
  CHECK(restore_store(folder.file("empty"), path, kThings).error().number == kNotAStore);
  CHECK(count(*open_or_throw(options_for(folder))) == 200);
}

TEST_CASE("check: names damage and is silent on a sound store in use") {
  TemporaryFolder folder;
  const std::string path = options_for(folder).path;
  {
    auto store = open_or_throw(options_for(folder));
    fill(*store, 200, 2'000);
    CHECK(check_store(path).value().empty());
    CHECK(check_store(path, true).value().empty());
  }
  damage(path);
  const auto lines = check_store(path);
  REQUIRE(lines);
  CHECK_FALSE(lines->empty());
}

TEST_CASE("stats and compact: free space is seen and given back") {
  TemporaryFolder folder;
  const std::string path = options_for(folder).path;
  {
    auto store = open_or_throw(options_for(folder));
    fill(*store, 500, 3'000);
    const auto stats = store_stats(path);
    REQUIRE(stats);
    CHECK(stats->page_size == 4096);
    CHECK(stats->wal_bytes > 0);
    CHECK(stats->tables.front().name == "thing");
    CHECK(stats->tables.front().pages >= 500);
    REQUIRE(store->submit_and_wait(
        [](Transaction& transaction) { return transaction.execute("DELETE FROM thing WHERE id > 10"); }));
    const Result<void> in_use = compact_store(path);
    REQUIRE_FALSE(in_use);
    CHECK(in_use.error().number == kStoreInUse);
  }
  CHECK(store_stats(path)->free_pages > 400);
  REQUIRE(compact_store(path));
  CHECK(store_stats(path)->free_pages == 0);
  CHECK(store_stats(path)->pages < 50);
  CHECK(count(*open_or_throw(options_for(folder))) == 10);
}
