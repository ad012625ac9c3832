#include "gateway/store/migration.h"

#include <catch2/catch.hpp>

#include "gateway/store/error_numbers.h"
#include "store_fixture.h"

using namespace lienthong;
using namespace lienthong::store;
using namespace lienthong::test;

namespace {

constexpr Migration kSecond[] = {
    kThings[0],
    {"things", 2, "ALTER TABLE thing ADD COLUMN note TEXT; INSERT INTO thing VALUES (7, x'07', 'new')"}};
constexpr Migration kBroken[] = {
    kThings[0], {"things", 2, "INSERT INTO thing VALUES (8, x'08'); INSERT INTO nowhere VALUES (1)"}};

}  // namespace

TEST_CASE("migrations: an older store is brought up and keeps its data") {
  TemporaryFolder folder;
  {
    REQUIRE(add_thing(*open_or_throw(options_for(folder)), 1));
  }
  {
    auto second = Store::open(options_for(folder), kSecond);
    REQUIRE(second);
    CHECK(count(**second) == 2);
  }
  auto again = Store::open(options_for(folder), kSecond);  // not applied twice
  REQUIRE(again);
  CHECK(count(**again) == 2);
}

TEST_CASE("migrations: a store of a newer version is refused with both versions named") {
  TemporaryFolder folder;
  {
    REQUIRE(Store::open(options_for(folder), kSecond));
  }
  const auto older = Store::open(options_for(folder), kThings);
  REQUIRE_FALSE(older);
  CHECK(older.error().category == Category::Unsupported);
  CHECK(older.error().number == kSchemaTooNew);
  CHECK(older.error().text.find("version 2") != std::string::npos);
  const auto unknown = Store::open(options_for(folder), {});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().text.find("'things'") != std::string::npos);
  CHECK(Store::open(options_for(folder), kSecond));
}

TEST_CASE("migrations: one that fails leaves everything as it was") {
  TemporaryFolder folder;
  {
    REQUIRE(add_thing(*open_or_throw(options_for(folder)), 1));
  }
  const auto broken = Store::open(options_for(folder), kBroken);
  REQUIRE_FALSE(broken);
  CHECK(broken.error().number == kMigrationFailed);
  auto store = open_or_throw(options_for(folder));
  CHECK(count(*store) == 1);
}
