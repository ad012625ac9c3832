#include "gateway/journal/retention.h"

#include <catch2/catch.hpp>

#include "gateway/journal/batches.h"
#include "gateway/journal/contributions.h"
#include "gateway/journal/duplicates.h"
#include "gateway/journal/error_numbers.h"
#include "journal_fixture.h"

using namespace lienthong;
using namespace lienthong::journal;
using namespace lienthong::test;
using namespace std::chrono_literals;

namespace {

// One message an hour; rows 1 … count.
void keep_hours(JournalFixture& fixture, int count) {
  fixture.write([count](store::Transaction& transaction) {
    for (int i = 0; i < count; ++i) {
      const auto hash = static_cast<std::uint64_t>(i);
      const auto row = append(transaction, message_at(kMorning + i * 1h, std::to_string(i), hash));
      REQUIRE(row);
      const Contribution one[] = {{ResourceRow{i}, 1}};
      REQUIRE(set_contributions(transaction, *row, one));
    }
  });
}

}  // namespace

TEST_CASE("retention: old messages go in slices, with all that belongs to them") {
  JournalFixture fixture;
  keep_hours(fixture, 100);
  fixture.write([](store::Transaction& transaction) {
    const PruneResult first = prune_messages(transaction, kMorning + 50h, 30).value();
    CHECK(first.removed == 30);
    CHECK(first.more);
    const PruneResult second = prune_messages(transaction, kMorning + 50h, 30).value();
    CHECK(second.removed == 20);
    CHECK_FALSE(second.more);
    CHECK(prune_messages(transaction, kMorning + 50h, 30)->removed == 0);
    CHECK(read_message(transaction, MessageRow{50}).error().number == kMessageNotFound);
    CHECK(read_contributions(transaction, MessageRow{50})->empty());
    CHECK(find_duplicate(transaction, kHis, "49", ContentHash{49}, kMorning + 51h)->repeat == Repeat::New);
    CHECK(read_message(transaction, MessageRow{51}));
    CHECK(read_contributions(transaction, MessageRow{51})->size() == 1);
    CHECK(find_duplicate(transaction, kHis, "50", ContentHash{50}, kMorning + 51h)->repeat ==
          Repeat::Duplicate);
  });
}

TEST_CASE("retention: row numbers are never given again, even when all is old") {
  JournalFixture fixture;
  keep_hours(fixture, 3);
  fixture.write([](store::Transaction& transaction) {
    CHECK(prune_messages(transaction, kMorning + 1'000h, 10)->removed == 2);
    CHECK(append(transaction, message_at(kMorning + 1'001h, "next", 9)).value() == MessageRow{4});
  });
}

TEST_CASE("retention: duplicate detection forgets alone, and only what was not sent again") {
  JournalFixture fixture;
  keep_hours(fixture, 10);
  fixture.write([](store::Transaction& transaction) {
    REQUIRE(append(transaction, message_at(kMorning + 400h, "3", 3)));
    const PruneResult slice = prune_seen(transaction, kMorning + 5h, 2).value();
    CHECK(slice.removed == 2);
    CHECK(slice.more);
    CHECK(prune_seen(transaction, kMorning + 5h, 10)->removed == 2);  // 2 and 4; 3 came again
    CHECK(prune_seen(transaction, kMorning + 5h, 10)->removed == 0);
    const auto look = [&](std::string_view id, std::uint64_t hash) {
      return find_duplicate(transaction, kHis, id, ContentHash{hash}, kMorning, 10'000h)->repeat;
    };
    CHECK(look("2", 2) == Repeat::New);
    CHECK(look("3", 3) == Repeat::Duplicate);
    CHECK(look("5", 5) == Repeat::Duplicate);
    CHECK(read_message(transaction, MessageRow{1}));
  });
}

TEST_CASE("retention: a finished batch goes when no message points to it, an open one stays") {
  JournalFixture fixture;
  fixture.write([](store::Transaction& transaction) {
    Compressor compressor;
    std::string scratch;
    const BatchRow done =
        open_batch(transaction, {number_at(kMorning), kHis, kMorning, "", ContentHash{1}}).value();
    for (int i = 0; i < 20; ++i) {
      REQUIRE(append_part(transaction, done, compressor.compress("part", nullptr, scratch).value()));
    }
    const BatchRow open =
        open_batch(transaction, {number_at(kMorning), kHis, kMorning, "", ContentHash{2}}).value();
    NewMessage message = message_at(kMorning, "in batch", 1);
    message.place = BatchPlace{done, 0, 4};
    REQUIRE(append(transaction, message));
    REQUIRE(close_batch(transaction, done, BatchState::Finished, ""));
    REQUIRE(append(transaction, message_at(kMorning + 100h, "newest", 2)));

    CHECK(prune_messages(transaction, kMorning, 10)->removed == 0);
    CHECK(read_batch(transaction, done));
    int slices = 0;
    while (prune_messages(transaction, kMorning + 1h, 10)->more) ++slices;
    CHECK(slices == 2);  // 16 parts, then 4 and the batch
    CHECK(read_batch(transaction, done).error().number == kBatchNotFound);
    CHECK(read_batch(transaction, open));
  });
}
