#include "gateway/journal/batches.h"

#include <catch2/catch.hpp>

#include "gateway/journal/error_numbers.h"
#include "journal_fixture.h"

using namespace lienthong;
using namespace lienthong::journal;
using namespace lienthong::test;

namespace {

void add_part(store::Transaction& transaction, BatchRow batch, std::string_view raw) {
  Compressor compressor;
  std::string scratch;
  REQUIRE(append_part(transaction, batch, compressor.compress(raw, nullptr, scratch).value()));
}

}  // namespace

TEST_CASE("batches: raw bytes are kept once and messages point into them") {
  JournalFixture fixture;
  BatchRow batch;
  MessageRow across;
  fixture.write([&](store::Transaction& transaction) {
    batch =
        open_batch(transaction, {number_at(kMorning), kHis, kMorning, "night.hl7", ContentHash{4}}).value();
    add_part(transaction, batch, "0123456789");
    add_part(transaction, batch, "abcdefghij");
    add_part(transaction, batch, "KLM");
    NewMessage message = message_at(kMorning, "B1", 5);
    message.place = BatchPlace{batch, 8, 13};
    across = append(transaction, message).value();
  });
  auto reader = fixture.reader();
  const Dictionaries none;
  CHECK(read_batch(*reader, batch)->size == 23);
  CHECK(read_batch(*reader, batch)->name == "night.hl7");
  CHECK(read_raw(*reader, none, across).value() == "89abcdefghijK");
  CHECK(read_message(*reader, across)->place->offset == 8);
  CHECK(read_message(*reader, across)->raw_size == 13);
  CHECK(read_range(*reader, none, {batch, 0, 23}).value() == "0123456789abcdefghijKLM");
  CHECK(read_range(*reader, none, {batch, 10, 1}).value() == "a");
  CHECK(read_range(*reader, none, {batch, 22, 1}).value() == "M");
  CHECK(read_range(*reader, none, {batch, 5, 0}).value().empty());
  CHECK(read_range(*reader, none, {batch, 20, 4}).error().number == kRawDamaged);
  CHECK(read_range(*reader, none, {BatchRow{9}, 0, 1}).error().number == kRawDamaged);
}

TEST_CASE("batches: a restart goes on at the first message without a fate") {
  JournalFixture fixture;
  BatchRow batch;
  fixture.write([&](store::Transaction& transaction) {
    batch = open_batch(transaction, {number_at(kMorning), kHis, kMorning, "", ContentHash{4}}).value();
    REQUIRE(set_progress(transaction, batch, 17));
  });
  fixture.open();
  {
    auto reader = fixture.reader();
    const auto open = open_batches(*reader).value();
    REQUIRE(open.size() == 1);
    CHECK(open[0].row == batch);
    CHECK(open[0].next_message == 17);
    CHECK(open[0].state == BatchState::Open);
    CHECK(find_batch(*reader, kHis, ContentHash{4}).value() == batch);
    CHECK(find_batch(*reader, kLis, ContentHash{4}).value() == std::nullopt);
  }
  fixture.write([&](store::Transaction& transaction) {
    REQUIRE(close_batch(transaction, batch, BatchState::Refused, R"(["count"])"));
    CHECK(open_batches(transaction)->empty());
    CHECK(read_batch(transaction, batch)->problems == R"(["count"])");
    CHECK(find_batch(transaction, kHis, ContentHash{4}).value() ==
          std::nullopt);  // refused: may be sent again
    CHECK(set_progress(transaction, BatchRow{9}, 1).error().number == kBatchNotFound);
    CHECK(append_part(transaction, BatchRow{9}, {"x", {}, 1}).error().number == kBatchNotFound);
    CHECK(read_batch(transaction, BatchRow{9}).error().category == Category::NotFound);
  });
}
