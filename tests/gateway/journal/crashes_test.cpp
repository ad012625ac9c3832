#include "gateway/journal/crashes.h"

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "gateway/journal/in_hand_slots.h"
#include "journal_fixture.h"

using namespace lienthong;
using namespace lienthong::journal;
using namespace lienthong::test;

TEST_CASE("crashes: counted per source and content, across restarts") {
  JournalFixture fixture;
  fixture.write([](store::Transaction& transaction) {
    CHECK(count_crash(transaction, kHis, ContentHash{1}, kMorning).value() == 1);
    CHECK(count_crash(transaction, kLis, ContentHash{1}, kMorning).value() == 1);
  });
  fixture.open();
  fixture.write([](store::Transaction& transaction) {
    CHECK(count_crash(transaction, kHis, ContentHash{1}, kMorning).value() == kCrashesToQuarantine);
  });
  const auto crashers = read_crashers(*fixture.reader()).value();
  REQUIRE(crashers.size() == 2);
  CHECK(crashers[0].source == kHis);
  CHECK(crashers[0].crashes == 2);
  CHECK(crashers[0].last_at == kMorning);
  fixture.write([](store::Transaction& transaction) {
    CHECK(forget_crashes(transaction, kHis, ContentHash{1}));
    CHECK(forget_crashes(transaction, kHis, ContentHash{2}));
    CHECK(read_crashers(transaction)->size() == 1);
  });
}

TEST_CASE("in hand: what a killed process had in hand is found at the next start") {
  JournalFixture fixture;
  const std::string path = fixture.file("in-hand");
  const std::string message = invented_message(3);
  std::string large(500'000, 'L');
  large += "end";
  const pid_t child = ::fork();
  if (child == 0) {
    auto slots = InHandSlots::open(path, 3);
    if (!slots) ::_exit(1);
    (*slots)->note(0, kHis, ContentHash{10}, "done with");
    (*slots)->clear(0);
    (*slots)->note(1, kHis, ContentHash{11}, message);
    (*slots)->note(2, kLis, ContentHash{12}, "an earlier and longer message");
    (*slots)->note(2, kLis, ContentHash{13}, large);
    ::raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));

  const auto look = [&](std::size_t slots) {
    auto opened = InHandSlots::open(path, slots);
    REQUIRE(opened);
    const auto& found = (*opened)->recovered();
    REQUIRE(found.size() == 2);
    CHECK(found[0].source == kHis);
    CHECK(found[0].hash == ContentHash{11});
    CHECK(found[0].bytes == message);
    CHECK(found[0].size == message.size());
    CHECK(found[1].source == kLis);
    CHECK(found[1].bytes == large);
    return std::move(*opened);
  };
  look(3);               // a crash before they are counted durably: they are still there
  auto fewer = look(1);  // fewer io threads now
  fewer->acknowledge_recovered();
  fewer.reset();
  CHECK(InHandSlots::open(path, 5).value()->recovered().empty());
}

TEST_CASE("in hand: of a message longer than a slot the head and the whole size are kept") {
  JournalFixture fixture;
  const std::string huge(InHandSlots::kSlotBytes + 1'000, 'h');
  {
    InHandSlots::open(fixture.file("in-hand"), 1).value()->note(0, kHis, ContentHash{1}, huge);
  }
  const auto opened = InHandSlots::open(fixture.file("in-hand"), 1).value();
  REQUIRE(opened->recovered().size() == 1);
  CHECK(opened->recovered()[0].size == huge.size());
  CHECK(opened->recovered()[0].bytes == huge.substr(0, InHandSlots::kSlotBytes));
}

TEST_CASE("in hand: a path that cannot be is an error") {
  CHECK_FALSE(InHandSlots::open("/nonexistent/folder/in-hand", 1));
}
