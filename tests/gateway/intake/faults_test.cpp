// When the program dies, the disk fills or the queue is full (semantics 22).
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <thread>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "tests/gateway/intake/intake_fixture.h"
#include "tests/gateway/store/vfs_shim.h"

using namespace lienthong;
using namespace lienthong::intake;
using Catch::Contains;

namespace {

// A process dies with the message in hand.
void die_with(const IntakeFixture& fixture, const std::string& message) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto slots = journal::InHandSlots::open(fixture.in_hand_file(), 1);
    if (slots) {
      (*slots)->note(0, fixture.source(), journal::ContentHash{XXH3_64bits(message.data(), message.size())},
                     message);
    }
    ::raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
}

}  // namespace

TEST_CASE("intake: a content that was in hand at two crashes is quarantined unread; others are taken") {
  IntakeFixture fixture;
  const auto poison = admission();
  for (int crash = 0; crash < 2; ++crash) {
    fixture.close();
    die_with(fixture, poison);
    fixture.open();
  }
  const auto quarantined = fixture.take(poison);
  CHECK(quarantined.fate == Fate::Quarantined);
  REQUIRE(quarantined.problems.size() == 1);
  CHECK(quarantined.problems[0].number == 1704);
  CHECK(quarantined.problems[0].arguments == std::vector<std::string>{"2"});
  CHECK_THAT(quarantined.answer, Contains("MSA|AR|C1"));
  CHECK(fixture.journal()[0].fate == journal::Fate::Quarantined);
  CHECK(fixture.raw(fixture.journal()[0].row) == poison);
  CHECK(fixture.count("Patient") == 0);
  CHECK(fixture.take(results("R1")).fate == Fate::Stored);
}

TEST_CASE("intake: one crash is no reason to put a message aside") {
  IntakeFixture fixture;
  fixture.close();
  die_with(fixture, admission());
  fixture.open();
  CHECK(fixture.take(admission()).fate == Fate::Stored);
}

TEST_CASE("intake: a full disk keeps nothing, answers AR, and taking goes on when there is room") {
  test::VfsShim disk;
  IntakeSetup setup;
  setup.vfs = disk.name();
  IntakeFixture fixture(setup);
  disk.set_full(true);
  std::size_t kept = 0;
  Outcome refused;
  for (int i = 0; i < 2'000; ++i) {
    Header head;
    head.control = "F" + std::to_string(i);
    refused = fixture.take(admission(head));
    if (refused.fate != Fate::Stored) break;
    ++kept;
  }
  REQUIRE(refused.fate == Fate::Busy);
  CHECK(refused.number.value == Uuid{});
  CHECK_THAT(refused.answer, Contains("MSA|AR|F" + std::to_string(kept)) && Contains("207^"));
  CHECK(refused.problems.back().number == 1705);
  CHECK(fixture.journal().size() == kept);
  disk.set_full(false);
  while (fixture.store().state() != store::StoreState::Ready)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  Header head;
  head.control = "F" + std::to_string(kept);
  const auto again = fixture.take(admission(head));
  CHECK(again.fate == Fate::Stored);
  CHECK_FALSE(again.duplicate);
  CHECK(fixture.journal().size() == kept + 1);
}

TEST_CASE("intake: a full queue keeps nothing and has no answer") {
  IntakeSetup setup;
  setup.queue_jobs = 2;
  IntakeFixture fixture(setup);
  std::promise<void> go;
  store::Job slow;
  slow.work = [wait = go.get_future().share()](store::Transaction&) -> Result<void> {
    wait.wait();
    return {};
  };
  REQUIRE(fixture.store().submit(std::move(slow)));
  int stored = 0, busy = 0;
  for (int i = 0; i < 10; ++i) {
    Header head;
    head.control = "Q" + std::to_string(i);
    fixture.intake().take(0, admission(head), [&](Outcome one) {
      if (one.fate == Fate::Busy) CHECK(one.answer.empty());
      ++(one.fate == Fate::Busy ? busy : stored);
    });
  }
  CHECK(busy >= 7);
  go.set_value();
  fixture.thread().run_until([&] { return stored + busy == 10; });
  CHECK(fixture.journal().size() == static_cast<std::size_t>(stored));
}
