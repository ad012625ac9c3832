#include "gateway/journal/contributions.h"

#include <catch2/catch.hpp>
#include <limits>

#include "journal_fixture.h"

using namespace lienthong;
using namespace lienthong::journal;
using namespace lienthong::test;

TEST_CASE("contributions: any list of versions comes back in order; an empty one removes") {
  JournalFixture fixture;
  const std::vector<Contribution> some = {
      {ResourceRow{5}, 1},
      {ResourceRow{6}, 300},
      {ResourceRow{2}, 2},
      {ResourceRow{std::numeric_limits<std::int64_t>::max() / 2}, 4'000'000'000}};
  fixture.write([&](store::Transaction& transaction) {
    CHECK(read_contributions(transaction, MessageRow{1})->empty());
    REQUIRE(set_contributions(transaction, MessageRow{1}, some));
    CHECK(read_contributions(transaction, MessageRow{1}).value() == some);
    REQUIRE(set_contributions(transaction, MessageRow{1}, std::span(some).first(1)));
    CHECK(read_contributions(transaction, MessageRow{1})->size() == 1);
    REQUIRE(set_contributions(transaction, MessageRow{1}, {}));
    CHECK(read_contributions(transaction, MessageRow{1})->empty());
  });
}
