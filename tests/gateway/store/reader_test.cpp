#include "gateway/store/reader.h"

#include <catch2/catch.hpp>

#include "gateway/store/error_numbers.h"
#include "store_fixture.h"

using namespace lienthong;
using namespace lienthong::store;
using namespace lienthong::test;

namespace {

const Sql kEndless(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 1000000000) SELECT count(*) FROM "
    "n");
const Sql kInsert("INSERT INTO thing(id, body) VALUES (99, x'00')");

}  // namespace

TEST_CASE("reader: a snapshot sees one state while the writer goes on") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  REQUIRE(add_thing(*store, 1));
  auto reader = store->open_reader();
  {
    const auto snapshot = (*reader)->snapshot();
    REQUIRE(snapshot);
    REQUIRE(add_thing(*store, 2));
    CHECK(count(**reader) == 1);
  }
  CHECK(count(**reader) == 2);
}

TEST_CASE("reader: it cannot write") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  auto reader = store->open_reader();
  CHECK_FALSE((*reader)->statement(kInsert).run());
  CHECK(count(*store) == 0);
}

TEST_CASE("reader: a read beyond its limit is interrupted and the reader works on") {
  TemporaryFolder folder;
  StoreOptions options = options_for(folder);
  options.snapshot_limit = std::chrono::milliseconds(50);
  auto store = open_or_throw(options);
  auto reader = store->open_reader();
  const Result<void> endless = (*reader)->statement(kEndless).run();
  REQUIRE_FALSE(endless);
  CHECK(endless.error().category == Category::Interrupted);
  CHECK(endless.error().number == kReadTooLong);
  CHECK(count(**reader) == 0);

  {
    const auto snapshot = (*reader)->snapshot();
    REQUIRE(snapshot);
    CHECK(wait_until([&] { return count(**reader) == -1; }));
  }
  CHECK(count(**reader) == 0);
}

TEST_CASE("reader pool: bounded, and readers come back") {
  TemporaryFolder folder;
  StoreOptions options = options_for(folder);
  options.readers = 2;
  auto store = open_or_throw(options);
  const auto first = store->readers().acquire();
  REQUIRE(first);
  {
    const auto second = store->readers().acquire();
    REQUIRE(second);
    const auto third = store->readers().acquire(std::chrono::milliseconds(1));
    REQUIRE_FALSE(third);
    CHECK(third.error().category == Category::Busy);
  }
  const auto again = store->readers().acquire(std::chrono::milliseconds(1));
  REQUIRE(again);
  CHECK(count(**again) == 0);
}
