#include "gateway/net/io_threads.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "tests/gateway/net/test_net.h"

namespace lienthong::net {
namespace {

using namespace testing;

TEST_CASE("io threads: posted callbacks run in order on the thread named") {
  IoThreads threads(2);
  std::vector<int> seen;
  std::atomic<bool> right_thread{true};
  std::atomic<int> done{0};
  std::vector<Callback> batch;
  for (int i = 0; i < 100; ++i) {
    batch.emplace_back([&, i] {
      seen.push_back(i);
      if (threads.current() != 1) right_thread = false;
      ++done;
    });
  }
  REQUIRE(threads.post(1, std::move(batch)));
  REQUIRE(threads.post(1, [&] { ++done; }));
  REQUIRE(eventually([&] { return done == 101; }));
  CHECK(threads.current() == IoThreads::kNone);
  CHECK(right_thread);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
}

TEST_CASE("io threads: many threads may post to one, nothing is lost") {
  IoThreads threads(1);
  std::atomic<int> done{0};
  std::vector<std::thread> senders;
  for (int t = 0; t < 4; ++t) {
    senders.emplace_back([&] {
      for (int i = 0; i < 5000; ++i) threads.post(0, [&] { ++done; });
    });
  }
  for (auto& sender : senders) sender.join();
  CHECK(eventually([&] { return done == 20000; }));
}

TEST_CASE("io threads: what was accepted before the stop is run, nothing after it") {
  std::atomic<int> run{0};
  IoThreads threads(2);
  int accepted = 0;
  for (int i = 0; i < 1000; ++i)
    accepted += threads.post(static_cast<unsigned>(i % 2), [&] { ++run; }) ? 1 : 0;
  threads.stop(0ms);
  CHECK(run == accepted);
  CHECK_FALSE(threads.post(0, [&] { ++run; }));
  CHECK(run == accepted);
}

TEST_CASE("io threads: a delayed callback runs once") {
  IoThreads threads({1, 5ms});
  std::atomic<int> run{0};
  threads.post_after(0, 1ms, [&] { ++run; });
  REQUIRE(eventually([&] { return run == 1; }));
  std::atomic<int> later{0};
  threads.post_after(0, 20ms, [&] { ++later; });
  REQUIRE(eventually([&] { return later == 1; }));
  CHECK(run == 1);
}

}  // namespace
}  // namespace lienthong::net
