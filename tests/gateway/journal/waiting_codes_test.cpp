#include <catch2/catch.hpp>

#include "gateway/journal/mapping_snapshots.h"
#include "gateway/journal/retention.h"
#include "gateway/journal/waiting_codes.h"
#include "tests/gateway/journal/journal_fixture.h"

using namespace lienthong;
using namespace lienthong::test;
using journal::UnmappedCode;

namespace {

// Keeps a message that has these codes.
MessageRow keep(JournalFixture& fixture, Instant at, std::vector<UnmappedCode> codes,
                SourceId source = kHis) {
  MessageRow row;
  fixture.write([&](store::Transaction& transaction) -> Result<void> {
    const auto kept = journal::append(
        transaction, message_at(at, "c" + std::to_string(at.time_since_epoch().count()), 1, source));
    if (!kept) return forward(kept);
    row = *kept;
    return journal::note_unmapped(transaction, row, source, at, codes);
  });
  return row;
}

std::vector<journal::WaitingCode> listed(JournalFixture& fixture) {
  return journal::list_waiting(*fixture.reader(), {}).value();
}

}  // namespace

TEST_CASE("waiting codes: counted per source, table and code, the most frequent first") {
  JournalFixture fixture;
  const auto first = keep(fixture, kMorning, {{"tests", "GLU"}, {"tests", "GLU"}, {"wards", "K1"}});
  const auto second = keep(fixture, kMorning + std::chrono::hours(1), {{"tests", "GLU"}});
  keep(fixture, kMorning, {{"tests", "GLU"}}, kLis);
  const auto codes = listed(fixture);
  REQUIRE(codes.size() == 3);
  CHECK(codes[0].code == "GLU");
  CHECK(codes[0].source == kHis);
  CHECK(codes[0].seen == 2);  // a message counts once, however often it says it
  CHECK(codes[0].waiting == 2);
  CHECK(codes[0].first_seen == kMorning);
  CHECK(codes[0].last_seen == kMorning + std::chrono::hours(1));
  CHECK(codes[0].examples.size() == 2);
  const std::vector<journal::CodeRowId> rows{codes[0].row};
  const auto waiting = journal::messages_waiting(*fixture.reader(), rows, MessageRow{0}, 100);
  REQUIRE(waiting);
  CHECK(*waiting == std::vector<MessageRow>{first, second});
  CHECK(journal::messages_waiting(*fixture.reader(), rows, first, 100)->size() == 1);
}

TEST_CASE("waiting codes: a message that is converted again waits for what it still lacks") {
  JournalFixture fixture;
  const auto row = keep(fixture, kMorning, {{"tests", "GLU"}, {"wards", "K1"}});
  fixture.write([&](store::Transaction& transaction) {
    const std::vector<UnmappedCode> left{{"wards", "K1"}};
    return journal::renew_unmapped(transaction, row, kHis, kMorning, left);
  });
  const auto codes = listed(fixture);
  REQUIRE(codes.size() == 1);  // nothing waits for GLU: it is forgotten
  CHECK(codes[0].table == "wards");
  CHECK(codes[0].seen == 1);  // not counted a second time
}

TEST_CASE("waiting codes: a long code is kept by its head, cut between characters") {
  JournalFixture fixture;
  std::string code(journal::kCodeBytes - 1, 'x');
  code += "ế tail";
  keep(fixture, kMorning, {{"tests", code}});
  const auto codes = listed(fixture);
  REQUIRE(codes.size() == 1);
  CHECK(codes[0].code == std::string(journal::kCodeBytes - 1, 'x'));
}

TEST_CASE("waiting codes: a message that is forgotten waits no more") {
  JournalFixture fixture;
  keep(fixture, kMorning, {{"tests", "GLU"}});
  keep(fixture, kMorning + std::chrono::hours(48), {{"tests", "TSH"}});
  fixture.write([](store::Transaction& transaction) -> Result<void> {
    const auto pruned = journal::prune_messages(transaction, kMorning + std::chrono::hours(24));
    if (!pruned) return forward(pruned);
    return {};
  });
  const auto codes = listed(fixture);
  REQUIRE(codes.size() == 1);
  CHECK(codes[0].code == "TSH");
}

TEST_CASE("mappings are kept once and come back as they were") {
  JournalFixture fixture;
  const std::vector<journal::MappingFile> files{
      {"a/profile.toml", "x = 1\n"}, {"a/codes/t.csv", "\n\nđ"}, {"b", ""}};
  for (int twice = 0; twice < 2; ++twice) {
    fixture.write([&](store::Transaction& transaction) {
      return journal::keep_mapping(transaction, "a 1 #00", files, kMorning);
    });
  }
  const auto read = journal::read_mapping(*fixture.reader(), "a 1 #00");
  REQUIRE(read);
  REQUIRE(*read);
  CHECK(**read == files);
  CHECK_FALSE(journal::read_mapping(*fixture.reader(), "a 2 #00")->has_value());
}
