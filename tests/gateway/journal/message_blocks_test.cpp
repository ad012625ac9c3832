// Finding messages by number and by source among many, without an index over all of them.

#include "gateway/journal/message_blocks.h"

#include <catch2/catch.hpp>

#include "gateway/journal/error_numbers.h"
#include "gateway/journal/retention.h"
#include "journal_fixture.h"

using namespace lienthong;
using namespace lienthong::journal;
using namespace lienthong::test;
using namespace std::chrono_literals;

namespace {

struct Kept {
  MessageNumber number;
  MessageRow row;
};

// One message a minute from `first` on; every `lis_each`-th is of the laboratory.
std::vector<Kept> keep(JournalFixture& fixture, int first, int count, int lis_each) {
  std::vector<Kept> kept;
  fixture.write([&](store::Transaction& transaction) {
    for (int i = first; i < first + count; ++i) {
      const std::string id = std::to_string(i);
      auto message = message_at(kMorning + i * 1min, id, static_cast<std::uint64_t>(i));
      if (i % lis_each == 0) message.source = kLis;
      const auto row = append(transaction, message);
      REQUIRE(row);
      kept.push_back({message.number, *row});
    }
  });
  return kept;
}

void check_found(store::Connection& connection, const std::vector<Kept>& kept) {
  for (const Kept& each : kept) REQUIRE(find_row(connection, each.number).value() == each.row);
}

std::int64_t blocks(store::Connection& connection) {
  auto statement = connection.prepare("SELECT count(*) FROM message_block");
  return statement.step().value_or(false) ? statement.integer(0) : -1;
}

std::size_t listed(store::Connection& connection, SourceId source, std::size_t page) {
  MessageFilter filter;
  filter.source = source;
  filter.limit = page;
  std::size_t all = 0;
  for (;;) {
    const auto messages = list_messages(connection, filter).value();
    for (const auto& message : messages) {
      REQUIRE(message.source == source);
      REQUIRE(message.row.value > filter.after.value);
      filter.after = message.row;
    }
    all += messages.size();
    if (messages.size() < page) return all;
  }
}

}  // namespace

TEST_CASE("every message is found by its number, in full blocks and behind them, in any order of time") {
  JournalFixture fixture;
  auto kept = keep(fixture, 5'000, 700, 3);
  const auto later = keep(fixture, 0, 700, 3);  // the clock was set back
  kept.insert(kept.end(), later.begin(), later.end());
  const auto reader = fixture.reader();
  CHECK(blocks(*reader) == 5);
  check_found(*reader, kept);
  CHECK(find_row(*reader, number_at(kMorning - 24h)).error().number == kMessageNotFound);
  CHECK(find_row(*reader, number_at(kMorning + 10min)).error().number == kMessageNotFound);
  CHECK(find_row(*reader, number_at(kMorning + 240h)).error().number == kMessageNotFound);
}

TEST_CASE("a quiet source's messages are listed from few blocks, page by page") {
  JournalFixture fixture;
  keep(fixture, 1, 3'000, 500);
  const auto reader = fixture.reader();
  CHECK(listed(*reader, kLis, 2) == 6);
  CHECK(listed(*reader, kLis, 100) == 6);
  CHECK(listed(*reader, kHis, 1'000) == 2'994);
  CHECK(listed(*reader, SourceId{12}, 10) == 0);
  const auto ranges = ranges_of_source(*reader, kLis, {1, 3'001}).value();
  std::int64_t rows = 0;
  for (const auto& range : ranges) rows += range.end - range.first;
  CHECK(rows <= 7 * kBlockRows);
}

TEST_CASE("messages of before the blocks are found after the store was brought up") {
  JournalFixture fixture;
  auto kept = keep(fixture, 1, 600, 4);
  fixture.write([](store::Transaction& transaction) -> Result<void> {
    return transaction.execute(
        "DROP TABLE message_block; CREATE UNIQUE INDEX message_by_number ON message(number); CREATE INDEX "
        "message_by_source ON message(source); UPDATE schema_version SET version=2 WHERE room='journal'");
  });
  fixture.open();
  const auto later = keep(fixture, 1'000, 300, 4);
  kept.insert(kept.end(), later.begin(), later.end());
  const auto reader = fixture.reader();
  CHECK(blocks(*reader) == 3);
  check_found(*reader, kept);
  CHECK(listed(*reader, kLis, 50) == 225);
}

TEST_CASE("blocks go with the messages that stood in them") {
  JournalFixture fixture;
  const auto kept = keep(fixture, 1, 2'000, 4);
  fixture.write([](store::Transaction& transaction) {
    while (prune_messages(transaction, kMorning + 1'000min, 100).value().more) {
    }
  });
  const auto reader = fixture.reader();
  CHECK(blocks(*reader) == 4);
  check_found(*reader, {kept.begin() + 1'000, kept.end()});
  CHECK(find_row(*reader, kept[10].number).error().number == kMessageNotFound);
  CHECK(listed(*reader, kLis, 70) == 251);
}
