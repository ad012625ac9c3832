#include "gateway/identity/aliases.h"

#include <catch2/catch.hpp>

#include "identity_store.h"

using namespace lienthong;
using namespace lienthong::identity;
using store::Transaction;

namespace {
const Uuid kOne = uuid_from_key("one"), kTwo = uuid_from_key("two"), kThree = uuid_from_key("three");
}

TEST_CASE("aliases: a key without a row stands for its minted id, one with a row for its target") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    CHECK(*resolve(t, kOne) == kOne);
    REQUIRE(set_alias(t, {kOne, kTwo, AliasReason::ChangedKey, {}}));
    REQUIRE(set_alias(t, {kTwo, kThree, AliasReason::Manual, {}}));
    CHECK(*resolve(t, kOne) == kThree);
    CHECK(aliases_of(t, kTwo)->size() == 1);
    REQUIRE(remove_alias(t, kOne));
    CHECK(*resolve(t, kOne) == kOne);
    return {};
  });
}

TEST_CASE("aliases: a cycle is refused") {
  IdentityStore fixture;
  fixture.run([](Transaction& t) -> Result<void> {
    REQUIRE(set_alias(t, {kOne, kTwo, AliasReason::Merge, {}}));
    REQUIRE(set_alias(t, {kTwo, kThree, AliasReason::Merge, {}}));
    const auto closed = set_alias(t, {kThree, kOne, AliasReason::Merge, {}});
    REQUIRE(!closed);
    CHECK(closed.error().category == Category::Conflict);
    return {};
  });
}
