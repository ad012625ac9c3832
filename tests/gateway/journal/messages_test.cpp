#include "gateway/journal/messages.h"

#include <catch2/catch.hpp>

#include "gateway/journal/duplicates.h"
#include "gateway/journal/error_numbers.h"
#include "journal_fixture.h"

using namespace lienthong;
using namespace lienthong::journal;
using namespace lienthong::test;
using namespace std::chrono_literals;

TEST_CASE("journal: a message comes back as it was kept, its bytes exactly") {
  JournalFixture fixture;
  std::string raw = invented_message(1) + std::string("\0\xff\x80 not UTF-8 \r\n", 16);
  MessageRow row;
  NewMessage message = message_at(kMorning, "A1", 0xfedcba9876543210);
  message.fate = Fate::Refused;
  message.problems = R"([{"n":2103}])";
  message.answer = std::string_view("AE\0x", 4);
  fixture.write([&](store::Transaction& transaction) {
    Compressor compressor;
    std::string scratch;
    message.raw = compressor.compress(raw, nullptr, scratch).value();
    row = append(transaction, message).value();
  });
  fixture.open();
  auto reader = fixture.reader();
  const StoredMessage stored = read_message(*reader, message.number).value();
  CHECK(stored.row == row);
  CHECK(stored.number == message.number);
  CHECK(stored.source == kHis);
  CHECK(stored.received_at == kMorning);
  CHECK(stored.kind == "ADT^A01");
  CHECK(stored.control_id == "A1");
  CHECK(stored.hash == message.hash);
  CHECK(stored.fate == Fate::Refused);
  CHECK(stored.profile == "hl7v2/1");
  CHECK(stored.problems == message.problems);
  CHECK(stored.answer == message.answer);
  CHECK(stored.raw_size == raw.size());
  CHECK_FALSE(stored.place);
  CHECK(read_raw(*reader, Dictionaries(), row).value() == raw);
}

TEST_CASE("journal: fate and answer can change; an unknown message is not found") {
  JournalFixture fixture;
  MessageRow row;
  fixture.write([&](store::Transaction& transaction) {
    row = append(transaction, message_at(kMorning, "A1", 1)).value();
    CHECK(set_fate(transaction, row, Fate::Quarantined));
    CHECK(set_answer(transaction, row, "AR"));
    CHECK(set_fate(transaction, MessageRow{99}, Fate::Stored).error().number == kMessageNotFound);
    CHECK(read_message(transaction, row)->fate == Fate::Quarantined);
    CHECK(set_fate(transaction, row, Fate::Refused, R"(["again"])"));
  });
  auto reader = fixture.reader();
  CHECK(read_message(*reader, row)->problems == R"(["again"])");
  CHECK(earlier_answer(*reader, row)->answer == "AR");
  CHECK(read_message(*reader, MessageRow{99}).error().category == Category::NotFound);
  CHECK(find_row(*reader, number_at(kMorning)).error().number == kMessageNotFound);
  CHECK(read_raw(*reader, Dictionaries(), MessageRow{99}).error().number == kMessageNotFound);
  CHECK(read_raw(*reader, Dictionaries(), row).value().empty());
}

TEST_CASE("journal: damaged bytes are noticed") {
  std::string scratch;
  Compressor compressor;
  const std::string raw = invented_message(5);
  CompressedRaw kept = compressor.compress(raw, nullptr, scratch).value();
  std::string damaged(kept.bytes);
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 4);
  CHECK(decompress({damaged, {}, raw.size()}, nullptr).error().number == kRawDamaged);
  CHECK(decompress({kept.bytes, {}, raw.size() + 1}, nullptr).error().number == kRawDamaged);
  CHECK(decompress({"no frame", {}, 8}, nullptr).error().number == kRawDamaged);
  CHECK(decompress(kept, nullptr).value() == raw);
}

TEST_CASE("journal: lists by source, fate, time and page") {
  JournalFixture fixture;
  fixture.write([&](store::Transaction& transaction) {
    for (int i = 0; i < 240; ++i) {
      const std::string id = std::to_string(i);
      NewMessage message =
          message_at(kMorning + i * 1h, id, static_cast<std::uint64_t>(i), i % 3 == 0 ? kLis : kHis);
      if (i % 40 == 7) message.fate = Fate::Quarantined;
      REQUIRE(append(transaction, message));
    }
  });
  auto reader = fixture.reader();
  const auto list = [&](const MessageFilter& filter) { return list_messages(*reader, filter).value(); };

  MessageFilter day;
  day.from = kMorning + 48h;
  day.until = kMorning + 72h;
  CHECK(list(day).size() == 24);
  CHECK(list(day).front().control_id == "48");
  CHECK(list(day).back().control_id == "71");

  MessageFilter source;
  source.source = kLis;
  source.limit = 1'000;
  CHECK(list(source).size() == 80);
  source.from = day.from;
  source.until = day.until;
  CHECK(list(source).size() == 8);

  MessageFilter fate;
  fate.fate = Fate::Quarantined;
  CHECK(list(fate).size() == 6);
  fate.source = kLis;
  CHECK(list(fate).size() == 2);  // 87 and 207
  fate.fate = Fate::Stored;
  fate.limit = 1'000;
  CHECK(list(fate).size() == 78);

  MessageFilter page;
  std::size_t seen = 0;
  for (;;) {
    const auto messages = list(page);
    if (messages.empty()) break;
    seen += messages.size();
    page.after = messages.back().row;
  }
  CHECK(seen == 240);

  CHECK(first_row_at(*reader, kMorning - 1h)->value == 1);
  CHECK(first_row_at(*reader, kMorning + 30min)->value == 2);
  CHECK(first_row_at(*reader, kMorning + 1'000h)->value == 241);
  const auto counts = count_fates(*reader, kMorning, kMorning + 48h).value();
  std::uint64_t messages = 0;
  for (const FateCount& each : counts) messages += each.messages;
  CHECK(messages == 48);
}

TEST_CASE("duplicates: same source, id and content within the window") {
  JournalFixture fixture;
  fixture.write([&](store::Transaction& transaction) {
    NewMessage first = message_at(kMorning, "A1", 11);
    first.answer = "said";
    const MessageRow row = append(transaction, first).value();
    const auto look = [&](SourceId source, std::string_view id, std::uint64_t hash, Instant now) {
      return find_duplicate(transaction, source, id, ContentHash{hash}, now).value();
    };
    CHECK(look(kHis, "A1", 11, kMorning + 1h).repeat == Repeat::Duplicate);
    CHECK(look(kHis, "A1", 11, kMorning + 1h).row == row);
    CHECK(earlier_answer(transaction, row)->answer == "said");
    CHECK(earlier_answer(transaction, row)->number == first.number);
    CHECK(look(kHis, "A1", 12, kMorning + 1h).repeat == Repeat::OtherContent);
    CHECK(look(kHis, "A2", 11, kMorning + 1h).repeat == Repeat::New);
    CHECK(look(kLis, "A1", 11, kMorning + 1h).repeat == Repeat::New);
    CHECK(look(kHis, "A1", 11, kMorning + 168h).repeat == Repeat::Duplicate);
    CHECK(look(kHis, "A1", 11, kMorning + 169h).repeat == Repeat::New);

    // Without a control id the hash alone decides.
    REQUIRE(append(transaction, message_at(kMorning, "", 77)));
    CHECK(look(kHis, "", 77, kMorning + 1h).repeat == Repeat::Duplicate);
    CHECK(look(kHis, "", 78, kMorning + 1h).repeat == Repeat::New);

    // After the window the same message counts again, and is the one answered as.
    const MessageRow later = append(transaction, message_at(kMorning + 300h, "A1", 11)).value();
    CHECK(look(kHis, "A1", 11, kMorning + 301h).row == later);
  });
}

TEST_CASE("duplicates: control ids longer than the key still differ by content") {
  JournalFixture fixture;
  fixture.write([&](store::Transaction& transaction) {
    const std::string id(5'000, 'x');
    REQUIRE(append(transaction, message_at(kMorning, id, 1)));
    CHECK(find_duplicate(transaction, kHis, id, ContentHash{1}, kMorning)->repeat == Repeat::Duplicate);
    CHECK(find_duplicate(transaction, kHis, id + "y", ContentHash{2}, kMorning)->repeat ==
          Repeat::OtherContent);
  });
}
