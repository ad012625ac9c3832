// What shares a group: repeatable jobs of which one fails, and jobs of threads in their turn.

#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "store_fixture.h"

using namespace lienthong;
using namespace lienthong::store;
using namespace lienthong::test;

namespace {

// Adds one row; fails behind it when `fails`. Counts its runs and its fate.
struct Counted {
  int runs = 0;
  bool told = false;
  bool good = false;
};

Job counted_job(Counted& counted, std::int64_t id, bool fails, bool repeatable) {
  Job job;
  job.repeatable = repeatable;
  job.work = [&counted, id, fails](Transaction& transaction) -> Result<void> {
    ++counted.runs;
    if (auto added = transaction.run(kAddThing, id, Blob{"x"}); !added) return added;
    if (fails) return fail(Category::Incorrect, 9, "no");
    return {};
  };
  job.completion = [&counted](Result<void> result) {
    counted.told = true;
    counted.good = result.has_value();
  };
  return job;
}

class MarkHook final : public BatchHook {
 public:
  void before_job() override { ++opened; }
  void job_rolled_back() override { ++undone; }
  int opened = 0;
  int undone = 0;
};

}  // namespace

TEST_CASE("store: a repeatable job that fails is undone alone, its neighbours are kept") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  std::vector<Counted> counted(6);
  Gate gate(*store);
  for (std::size_t i = 0; i < counted.size(); ++i)
    REQUIRE(store->submit(counted_job(counted[i], static_cast<std::int64_t>(i + 1), i == 2 || i == 4, true)));
  gate.open();
  REQUIRE(store->submit_and_wait([](Transaction&) -> Result<void> { return {}; }));
  CHECK(count(*store) == 4);
  for (std::size_t i = 0; i < counted.size(); ++i) {
    INFO("job " << i);
    CHECK(counted[i].told);
    CHECK(counted[i].good == (i != 2 && i != 4));
  }
}

TEST_CASE("store: a job that is not repeatable is run once, whatever its neighbours do") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  std::vector<Counted> counted(6);
  Gate gate(*store);
  for (std::size_t i = 0; i < counted.size(); ++i) {
    const bool repeatable = i != 1 && i != 3;
    REQUIRE(store->submit(
        counted_job(counted[i], static_cast<std::int64_t>(i + 1), i == 3 || i == 5, repeatable)));
  }
  gate.open();
  REQUIRE(store->submit_and_wait([](Transaction&) -> Result<void> { return {}; }));
  CHECK(count(*store) == 4);
  CHECK(counted[1].runs == 1);
  CHECK(counted[3].runs == 1);
  CHECK(counted[1].good);
  CHECK_FALSE(counted[3].good);
  CHECK(counted[4].good);
  CHECK_FALSE(counted[5].good);
}

TEST_CASE("store: hooks are told before repeatable jobs begin and when these are undone") {
  TemporaryFolder folder;
  MarkHook hook;
  auto store = open_or_throw(options_for(folder));
  store->add_hook(&hook);
  std::vector<Counted> counted(3);
  Gate gate(*store);
  for (std::size_t i = 0; i < counted.size(); ++i)
    REQUIRE(store->submit(counted_job(counted[i], static_cast<std::int64_t>(i + 1), i == 1, true)));
  gate.open();
  REQUIRE(store->submit_and_wait([](Transaction&) -> Result<void> { return {}; }));
  CHECK(count(*store) == 2);
  store->stop();
  // The gate, the three together (undone), the first two of them alone (the second undone), the third, the
  // last.
  CHECK(hook.undone == 2);
  CHECK(hook.opened >= 5);
}

TEST_CASE("store: what a thread submits in its turn is committed at the turn's end, or without it") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  std::vector<Counted> counted(3);
  store->begin_turn();
  REQUIRE(store->submit(counted_job(counted[0], 1, false, true)));
  store->end_turn();
  REQUIRE(store->submit_and_wait([](Transaction&) -> Result<void> { return {}; }));
  CHECK(counted[0].good);

  // Another thread's turn that does not end holds nobody up.
  std::promise<void> begun;
  std::promise<void> ends;
  std::thread turning([&] {
    store->begin_turn();
    begun.set_value();
    ends.get_future().wait();
    store->end_turn();
  });
  begun.get_future().wait();
  REQUIRE(store->submit(counted_job(counted[1], 2, false, true)));
  REQUIRE(store->submit_and_wait([](Transaction&) -> Result<void> { return {}; }));
  CHECK(counted[1].good);
  store->begin_turn();
  REQUIRE(store->submit(counted_job(counted[2], 3, false, true)));
  store->end_turn();
  REQUIRE(wait_until([&] { return store->queue_depth() == 0; }));
  ends.set_value();
  turning.join();
  store->stop();
  CHECK(counted[2].good);
}
