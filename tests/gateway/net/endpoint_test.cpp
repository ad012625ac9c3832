#include "gateway/net/endpoint.h"

#include <catch2/catch.hpp>

#include "gateway/net/byte_budget.h"
#include "gateway/net/limits.h"

namespace lienthong::net {
namespace {

using namespace std::chrono_literals;

TEST_CASE("endpoint: the three forms are read and written") {
  CHECK(parse_endpoint("127.0.0.1:2575") == Endpoint{"127.0.0.1", 2575});
  CHECK(parse_endpoint("[::1]:8080") == Endpoint{"::1", 8080});
  CHECK(parse_endpoint(":8080") == Endpoint{"", 8080});
  CHECK(to_string(Endpoint{"::1", 8080}) == "[::1]:8080");
  CHECK(to_string(Endpoint{"his.local", 1}) == "his.local:1");
}

TEST_CASE("endpoint: what is wrong is said") {
  for (const char* text :
       {"", "8080", "a:", "a:70000", "a:-1", "a:1x", "::1:80", "[his]:80", "[::1:80", "a b:80", "[]:1"}) {
    INFO(text);
    const auto parsed = parse_endpoint(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().category == Category::Incorrect);
  }
}

TEST_CASE("endpoint: loopback is the machine itself and nothing else") {
  for (const char* host : {"127.0.0.1", "127.9.9.9", "::1", "localhost", "::ffff:127.0.0.1"})
    CHECK(is_loopback(host));
  for (const char* host : {"", "0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "localhost.evil.example"}) {
    CHECK_FALSE(is_loopback(host));
  }
}

TEST_CASE("allow-list: blocks of both families, also for mapped addresses") {
  AllowList list;
  CHECK(list.allows("203.0.113.9"));
  REQUIRE(list.add("10.0.0.0/8"));
  REQUIRE(list.add("192.168.1.7"));
  REQUIRE(list.add("fd00::/9"));
  CHECK(list.allows("10.255.0.1"));
  CHECK(list.allows("::ffff:10.1.2.3"));
  CHECK(list.allows("192.168.1.7"));
  CHECK(list.allows("fd7f::1"));
  CHECK_FALSE(list.allows("11.0.0.1"));
  CHECK_FALSE(list.allows("192.168.1.8"));
  CHECK_FALSE(list.allows("fd80::1"));
  CHECK_FALSE(list.allows("no address"));
}

TEST_CASE("allow-list: a block that means something else than it seems is refused") {
  AllowList list;
  for (const char* text :
       {"10.0.0.1/8", "10.0.0.0/33", "fd00::/129", "his.local", "", "10.0.0.0/", "::1/64"}) {
    INFO(text);
    CHECK_FALSE(list.add(text));
  }
}

TEST_CASE("byte budget: leases grow, are refused whole, and come back") {
  ByteBudget budget(100);
  {
    ByteLease first(&budget);
    CHECK(first.grow_to(60));
    ByteLease second(&budget);
    CHECK_FALSE(second.grow_to(41));
    CHECK(second.grow_to(40));
    ByteLease moved(std::move(first));
    CHECK(budget.used() == 100);
    CHECK_FALSE(budget.try_acquire(static_cast<std::size_t>(-1)));
  }
  CHECK(budget.used() == 0);
}

TEST_CASE("time limits: each phase has its own") {
  const Timeouts limits;
  const Steady::time_point start{};
  PhaseProgress progress;
  progress.since = start;
  CHECK_FALSE(broken_limit(limits, progress, start + 75s));
  CHECK(broken_limit(limits, progress, start + 76s) == TimeoutReason::Idle);
  progress.phase = Phase::Head;
  CHECK(broken_limit(limits, progress, start + 11s) == TimeoutReason::Head);
  progress.phase = Phase::Handshake;
  CHECK(broken_limit(limits, progress, start + 11s) == TimeoutReason::Handshake);
  progress.phase = Phase::Body;
  progress.body_bytes = 20 * 1024;
  CHECK_FALSE(broken_limit(limits, progress, start + 20s));
  CHECK(broken_limit(limits, progress, start + 22s) == TimeoutReason::BodyTooSlow);
  progress.phase = Phase::Working;
  CHECK_FALSE(broken_limit(limits, progress, start + 1h));
  progress.unsent_since = start;
  CHECK(broken_limit(limits, progress, start + 31s) == TimeoutReason::WriteStall);
}

}  // namespace
}  // namespace lienthong::net
