#include "gateway/base/ticker.h"

#include <pthread.h>

#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <string>

#include "gateway/base/named_thread.h"

using namespace lienthong;
using namespace std::chrono_literals;

namespace {

std::string own_name() {
  std::array<char, 16> name{};
  REQUIRE(::pthread_getname_np(::pthread_self(), name.data(), name.size()) == 0);
  return name.data();
}

void wait_for(const std::atomic<int>& count, int least) {
  while (count < least) std::this_thread::yield();
}

}  // namespace

TEST_CASE("a thread bears its name, cut where Linux cuts it") {
  std::string shorter, longer;
  named_thread("lt-writer", [&] { shorter = own_name(); }).join();
  named_thread("lt-to-a-name-that-is-long", [&] { longer = own_name(); }).join();
  CHECK(shorter == "lt-writer");
  CHECK(longer == "lt-to-a-name-th");
}

TEST_CASE("a ticker works at once, comes round, and not after it was stopped") {
  std::atomic<int> rounds{0};
  Ticker ticker("lt-test", 1ms, [&] { ++rounds; });
  wait_for(rounds, 3);
  ticker.stop();
  const int then = rounds;
  ticker.stop();
  std::this_thread::yield();
  CHECK(rounds == then);
  CHECK(ticker.stopping());
}

TEST_CASE("a ticker that begins after one interval does nothing when it is ended before") {
  std::atomic<int> rounds{0};
  {
    const Ticker ticker("lt-test", 1h, [&] { ++rounds; }, Ticker::First::AfterOneInterval);
  }
  CHECK(rounds == 0);
}

TEST_CASE("work in hand is waited for, and can see that it is") {
  std::atomic<int> entered{0};
  std::atomic<bool> left{false};
  std::atomic<Ticker*> running{nullptr};
  Ticker ticker(
      "lt-test", 1ms,
      [&] {
        ++entered;
        while (running == nullptr || !running.load()->stopping()) std::this_thread::yield();
        left = true;
      },
      Ticker::First::AfterOneInterval);
  running = &ticker;
  wait_for(entered, 1);
  ticker.stop();
  CHECK(left);
  CHECK(entered == 1);
}
