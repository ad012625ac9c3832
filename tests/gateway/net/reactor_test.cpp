#include "gateway/net/reactor.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <thread>

#include "gateway/net/io_threads.h"
#include "tests/gateway/net/test_net.h"

namespace lienthong::net {
namespace {

using namespace testing;

struct Pair {
  Pair() {
    std::array<int, 2> fds{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()) == 0);
    here = UniqueFd(fds[0]);
    there = UniqueFd(fds[1]);
  }
  UniqueFd here;
  UniqueFd there;
};

class Owner final : public SocketOwner {
 public:
  void on_readable() override {
    ++readable;
    if (then) then();
  }
  void on_writable() override { ++writable; }
  int readable = 0;
  int writable = 0;
  std::function<void()> then;
};

void run(Reactor& reactor, int times = 3) {
  for (int i = 0; i < times; ++i) reactor.turn(0ms, [] {}, [] {});
}

std::string read_all(int fd) {
  std::array<char, 64> bytes{};
  const auto n = ::read(fd, bytes.data(), bytes.size());
  return n > 0 ? std::string(bytes.data(), static_cast<std::size_t>(n)) : std::string();
}

TEST_CASE("reactor: what came while nobody waited is told to the next who waits, once") {
  Reactor reactor;
  Pair pair;
  auto watch = reactor.watch(pair.here.get());
  REQUIRE(watch);
  REQUIRE(::write(pair.there.get(), "a", 1) == 1);
  run(reactor);
  auto owner = std::make_shared<Owner>();
  reactor.wait_readable(*watch, owner);
  run(reactor);
  CHECK(owner->readable == 1);
  CHECK(read_all(pair.here.get()) == "a");
  reactor.wait_readable(*watch, owner);
  run(reactor);
  CHECK(owner->readable == 1);
  REQUIRE(::write(pair.there.get(), "b", 1) == 1);
  run(reactor);
  CHECK(owner->readable == 2);
  reactor.forget(std::move(watch), pair.here.get());
}

TEST_CASE("reactor: the end of the peer is told at every wait, also when it came with bytes") {
  Reactor reactor;
  Pair pair;
  auto watch = reactor.watch(pair.here.get());
  auto owner = std::make_shared<Owner>();
  REQUIRE(::write(pair.there.get(), "a", 1) == 1);
  pair.there = UniqueFd();
  for (int i = 1; i <= 3; ++i) {
    reactor.wait_readable(*watch, owner);
    run(reactor);
    CHECK(owner->readable == i);
    CHECK(read_all(pair.here.get()) == (i == 1 ? "a" : ""));
  }
  reactor.forget(std::move(watch), pair.here.get());
}

TEST_CASE("reactor: a writer that found no room is told when there is some") {
  Reactor reactor;
  Pair pair;
  auto watch = reactor.watch(pair.here.get());
  run(reactor);
  const std::string block(4096, 'x');
  while (::write(pair.here.get(), block.data(), block.size()) > 0) continue;
  auto owner = std::make_shared<Owner>();
  reactor.wait_writable(*watch, owner);
  run(reactor);
  CHECK(owner->writable == 0);
  std::array<char, 4096> sink{};
  while (::read(pair.there.get(), sink.data(), sink.size()) > 0) continue;
  run(reactor);
  CHECK(owner->writable == 1);
  reactor.forget(std::move(watch), pair.here.get());
}

TEST_CASE(
    "reactor: a descriptor that another's call forgets is told of nothing, and its owner is let go of") {
  Reactor reactor;
  Pair first;
  Pair second;
  auto first_watch = reactor.watch(first.here.get());
  auto second_watch = reactor.watch(second.here.get());
  auto owner = std::make_shared<Owner>();
  auto other = std::make_shared<Owner>();
  const std::weak_ptr<Owner> gone = other;
  // Whichever is called first forgets the other one.
  owner->then = [&] {
    if (second_watch) reactor.forget(std::move(second_watch), second.here.get());
  };
  other->then = [&] {
    if (first_watch) reactor.forget(std::move(first_watch), first.here.get());
  };
  reactor.wait_readable(*first_watch, owner);
  reactor.wait_readable(*second_watch, other);
  REQUIRE(::write(first.there.get(), "a", 1) == 1);
  REQUIRE(::write(second.there.get(), "a", 1) == 1);
  run(reactor);
  CHECK(owner->readable + other->readable == 1);
  if (first_watch) reactor.forget(std::move(first_watch), first.here.get());
  if (second_watch) reactor.forget(std::move(second_watch), second.here.get());
  other.reset();
  reactor.bury();
  CHECK(gone.expired());
}

TEST_CASE("reactor: wake ends the wait, from any thread and however often") {
  Reactor reactor;
  for (int i = 0; i < 3; ++i) {
    std::thread waker([&] { reactor.wake(); });
    reactor.turn(std::chrono::milliseconds(60'000), [] {}, [] {});
    waker.join();
  }
  SUCCEED();
}

TEST_CASE("io threads: a turn begins with something to do and ends before the thread waits") {
  std::atomic<int> open{0};
  std::atomic<int> begun{0};
  std::atomic<bool> sound{true};
  {
    IoThreads threads(2);
    // It is watched from the turn after this one.
    threads.watch_turns({[&] {
                           ++open;
                           ++begun;
                         },
                         [&] { --open; }});
    std::atomic<int> watched{0};
    for (unsigned i = 0; i < 2; ++i) threads.post(i, [&] { ++watched; });
    REQUIRE(eventually([&] { return watched == 2 && open == 0; }));
    for (unsigned round = 0; round < 50; ++round) {
      std::atomic<int> done{0};
      for (unsigned i = 0; i < 2; ++i) {
        threads.post(i, [&] {
          if (open == 0) sound = false;
          ++done;
        });
      }
      REQUIRE(eventually([&] { return done == 2 && open == 0; }));
    }
  }
  CHECK(begun >= 2);
  CHECK(open == 0);
  CHECK(sound);
}

}  // namespace
}  // namespace lienthong::net
