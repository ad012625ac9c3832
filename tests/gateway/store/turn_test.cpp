// Who commits at the end of a turn: the thread itself for a single brief job, else the writer's thread.

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

struct Fate {
  std::atomic<int> told{0};  // 1: good, -1: not
  std::thread::id ran_on;
};

Job noting_job(Fate& fate, std::int64_t id, bool brief) {
  Job job;
  job.brief = brief;
  job.work = [&fate, id](Transaction& transaction) {
    fate.ran_on = std::this_thread::get_id();
    return transaction.run(kAddThing, id, Blob{"x"});
  };
  job.completion = [&fate](const Result<void>& result) { fate.told = result ? 1 : -1; };
  return job;
}

// Whether this thread itself committed at the end of a turn with that one job.
bool committed_here(Store& store, std::int64_t id, bool brief) {
  Fate fate;
  store.begin_turn();
  REQUIRE(store.submit(noting_job(fate, id, brief)));
  store.end_turn();
  const bool here = fate.told != 0;
  REQUIRE(wait_until([&] { return fate.told == 1; }));
  CHECK(here == (fate.ran_on == std::this_thread::get_id()));
  return here;
}

}  // namespace

TEST_CASE("turns: a single brief job is committed by the thread whose turn ends") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  std::int64_t id = 0;
  // The writer's thread has to be asleep, which it is soon.
  CHECK(wait_until([&] { return committed_here(*store, ++id, true); }));
  CHECK(count(*store) == id);
}

TEST_CASE("turns: a job that may take long is left to the writer's thread") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  for (std::int64_t id = 1; id <= 50; ++id) CHECK_FALSE(committed_here(*store, id, false));
}

TEST_CASE("turns: with another thread in its turn the writer's thread commits") {
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  std::atomic<bool> in_turn{false};
  std::atomic<bool> over{false};
  std::thread other([&] {
    store->begin_turn();
    in_turn = true;
    while (!over) std::this_thread::yield();
    store->end_turn();
  });
  REQUIRE(wait_until([&] { return in_turn.load(); }));
  for (std::int64_t id = 1; id <= 20; ++id) CHECK_FALSE(committed_here(*store, id, true));
  over = true;
  other.join();
}

TEST_CASE("turns: jobs of many threads keep their order, each is run once") {
  constexpr int kThreads = 4;
  constexpr int kEach = 300;
  TemporaryFolder folder;
  auto store = open_or_throw(options_for(folder));
  std::vector<int> next(kThreads, 0);  // touched by jobs only: one at a time
  std::atomic<int> told{0};
  std::atomic<bool> in_order{true};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEach; ++i) {
        Job job;
        job.brief = i % 7 != 0;
        job.work = [&, thread, i](Transaction& transaction) {
          if (next[static_cast<std::size_t>(thread)]++ != i) in_order = false;
          return transaction.run(kAddThing, thread * kEach + i, Blob{"x"});
        };
        job.completion = [&told](const Result<void>&) { ++told; };
        store->begin_turn();
        if (!store->submit(std::move(job))) in_order = false;
        store->end_turn();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wait_until([&] { return told == kThreads * kEach; }));
  CHECK(in_order);
  CHECK(count(*store) == kThreads * kEach);
}

TEST_CASE("turns: a store that stops waits for the commit of a turn that ends") {
  for (int round = 0; round < 20; ++round) {
    TemporaryFolder folder;
    auto store = open_or_throw(options_for(folder));
    std::atomic<int> taken{0};
    std::atomic<int> told{0};
    std::thread sender([&] {
      for (std::int64_t id = 1;; ++id) {
        Job job;
        job.brief = true;
        job.work = [id](Transaction& transaction) { return transaction.run(kAddThing, id, Blob{"x"}); };
        job.completion = [&told](const Result<void>& result) { told += result ? 1 : 0; };
        store->begin_turn();
        const bool good = store->submit(std::move(job)).has_value();
        store->end_turn();
        if (!good) return;
        ++taken;
      }
    });
    REQUIRE(wait_until([&] { return taken > 3; }));
    store->stop();
    sender.join();
    CHECK(told == taken);
  }
}

TEST_CASE("checkpoints: under a steady load of small commits the WAL is begun again, not grown") {
  TemporaryFolder folder;
  StoreOptions options = options_for(folder);
  options.checkpoint_every = std::chrono::milliseconds(5);
  auto store = open_or_throw(options);
  // Some 60 MB in all, of which a WAL that only grows would hold every page.
  for (int i = 0; i < 6'000; ++i) REQUIRE(add_thing(*store, i, std::string(2'000, 'w')));
  CHECK(std::filesystem::file_size(options.path + "-wal") < 30'000'000);
  CHECK(store->counters().wal_truncations == 0);
  CHECK(count(*store) == 6'000);
}
