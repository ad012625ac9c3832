#include "gateway/journal/dictionaries.h"

#include <catch2/catch.hpp>

#include "gateway/journal/dictionary_trainer.h"
#include "gateway/journal/error_numbers.h"
#include "journal_fixture.h"

using namespace lienthong;
using namespace lienthong::journal;
using namespace lienthong::test;

TEST_CASE("dictionaries: trained from a source's first messages, kept, used, and old rows stay readable") {
  JournalFixture fixture;
  Dictionaries dictionaries;
  const FixedClock clock(kMorning);
  const std::string raw = invented_message(999'999);
  MessageRow plain;
  MessageRow packed;
  const auto keep = [&](std::string_view id, const Dictionary* dictionary) {
    Compressor compressor;
    std::string scratch;
    NewMessage message = message_at(kMorning, id, 1);
    message.raw = compressor.compress(raw, dictionary, scratch).value();
    MessageRow row;
    fixture.write([&](store::Transaction& transaction) { row = append(transaction, message).value(); });
    return std::pair(row, message.raw.bytes.size());
  };
  std::size_t plain_size = 0;
  std::size_t packed_size = 0;
  std::tie(plain, plain_size) = keep("before", dictionaries.active(kHis).get());
  {
    DictionaryTrainer trainer(fixture.store(), dictionaries, clock, {.samples = 500});
    for (int i = 0; i < 500; ++i) trainer.offer(kHis, invented_message(i));
    REQUIRE(wait_until([&] { return dictionaries.active(kHis) != nullptr; }));
    trainer.offer(kHis, raw);  // no longer needed
  }
  CHECK(dictionaries.active(kLis) == nullptr);
  std::tie(packed, packed_size) = keep("after", dictionaries.active(kHis).get());
  CHECK(packed_size * 2 < plain_size);

  fixture.open();
  Dictionaries loaded;
  auto reader = fixture.reader();
  REQUIRE(loaded.load(*reader));
  REQUIRE(loaded.active(kHis) != nullptr);
  CHECK(loaded.active(kHis)->id() == dictionaries.active(kHis)->id());
  CHECK(read_raw(*reader, loaded, plain).value() == raw);
  CHECK(read_raw(*reader, loaded, packed).value() == raw);
  CHECK(read_raw(*reader, Dictionaries(), packed).error().number == kDictionaryNotFound);
}

TEST_CASE("dictionaries: samples that give no dictionary leave the source without one") {
  JournalFixture fixture;
  Dictionaries dictionaries;
  const FixedClock clock(kMorning);
  {
    DictionaryTrainer trainer(fixture.store(), dictionaries, clock, {.samples = 3});
    for (int i = 0; i < 9; ++i) trainer.offer(kHis, "x");
    trainer.offer(kHis, "");
  }
  CHECK(dictionaries.active(kHis) == nullptr);
}
