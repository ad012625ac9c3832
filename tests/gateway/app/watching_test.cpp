// What the gateway does by the clock: old messages, late sources, the audit's files.
#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "gateway/app/audit_log.h"
#include "gateway/app/housekeeping.h"
#include "gateway/app/migrations.h"
#include "gateway/app/serve_status.h"
#include "gateway/base/metric_table.h"
#include "gateway/journal/messages.h"
#include "tests/gateway/app/run_binary.h"

using namespace lienthong;
using namespace lienthong::app;
using namespace lienthong::test;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

constexpr Instant kMonday{std::chrono::sys_days(std::chrono::year(2026) / 3 / 2).time_since_epoch()};

struct Stored {
  Stored() {
    store::StoreOptions options;
    options.path = folder.file("store.db");
    auto opened = store::Store::open(std::move(options), all_migrations());
    REQUIRE(opened);
    store = std::move(*opened);
  }
  void keep(Instant at) {
    journal::NewMessage message;
    message.number = MessageNumber{new_uuid_v7(1)};
    message.source = {1};
    message.received_at = at;
    message.kind = "ADT^A01";
    message.hash = journal::ContentHash{static_cast<std::uint64_t>(at.time_since_epoch().count())};
    const auto kept = store->submit_and_wait([&](store::Transaction& transaction) -> Result<void> {
      const auto row = journal::append(transaction, message);
      return row ? Result<void>() : forward(row);
    });
    REQUIRE(kept);
  }
  std::int64_t messages() {
    static const store::Sql kCount("SELECT count(*) FROM message");
    auto reader = std::move(*store->open_reader());
    auto row = reader->statement(kCount);
    REQUIRE(row.step());
    return row.integer(0);
  }
  TempFolder folder;
  std::unique_ptr<store::Store> store;
};

}  // namespace

TEST_CASE("messages are forgotten by age, slice by slice, and never where none shall be") {
  Stored stored;
  for (int day = 0; day < 10; ++day) stored.keep(kMonday + std::chrono::days(day));
  const auto never = [] { return false; };
  const Instant now = kMonday + std::chrono::days(10);
  REQUIRE(forget_old(*stored.store, {std::chrono::days(1), 0us}, now, never));
  CHECK(stored.messages() == 10);
  REQUIRE(forget_old(*stored.store, {std::chrono::days(1), std::chrono::days(3)}, now, [] { return true; }));
  CHECK(stored.messages() == 10);
  REQUIRE(forget_old(*stored.store, {std::chrono::days(1), std::chrono::days(3)}, now, never));
  CHECK(stored.messages() == 3);
}

TEST_CASE("a source that should speak and does not is late, until it speaks") {
  Stored stored;
  FixedClock clock(kMonday);
  Metrics metrics;
  std::atomic<std::int64_t> heard{0};
  std::string turns;  // written while Status holds its lock
  Status status(*stored.store, clock, metrics, {});
  status.watch(WatchedSource{"his",
                             *parse_schedule("every 30m"),
                             7h,
                             [&] { return Instant(std::chrono::microseconds(heard.load())); },
                             {},
                             {},
                             [&](bool late) { turns += late ? "late;" : "speaks;"; }});
  auto reader = std::move(*stored.store->open_reader());
  auto& silent = metrics.gauge(metric::kSourceSilent, {{"source", "his"}});
  Status::Health health{};
  clock.advance(29min);
  status.look(*reader);
  CHECK(silent.value() == 0);
  clock.advance(2min);
  status.look(*reader);
  CHECK(silent.value() == 1);
  CHECK_THAT(status.health(health), Contains(R"({"name":"his","silent_seconds":1860,"late":true})"));
  CHECK(health == Status::Health::Degraded);
  status.look(*reader);
  heard = (kMonday + 30min).time_since_epoch().count();
  status.look(*reader);
  CHECK(silent.value() == 0);
  CHECK_THAT(status.health(health), Contains("\"status\":\"ok\""));  // takes the lock
  CHECK(turns == "late;speaks;");
}

TEST_CASE("a destination that is away for a minute degrades the health, with its name and since when") {
  Stored stored;
  FixedClock clock(kMonday);
  Metrics metrics;
  std::atomic<bool> away{true};
  Status status(*stored.store, clock, metrics,
                {{DestinationId{1}, "province",
                  [&]() -> std::optional<Instant> { return away ? std::optional(kMonday) : std::nullopt; }}});
  auto reader = std::move(*stored.store->open_reader());
  const auto said = [&](Status::Health expected) {
    status.look(*reader);
    Status::Health health{};
    const auto text = status.health(health);
    CHECK(health == expected);
    return text;
  };
  clock.advance(59s);
  CHECK_THAT(said(Status::Health::Works), Contains(R"({"status":"ok")") && !Contains("away_since"));
  clock.advance(1s);
  CHECK_THAT(said(Status::Health::Degraded),
             Contains(R"({"status":"degraded","store":"ready")") &&
                 Contains(R"({"name":"province","waiting":0,"dead":0,"oldest_seconds":0,"away_since":")"));
  away = false;
  CHECK_THAT(said(Status::Health::Works), !Contains("away_since"));
}

TEST_CASE("a listener's connections are shown, and each refusal counts once") {
  Stored stored;
  FixedClock clock(kMonday);
  Metrics metrics;
  net::ListenerCounts counts;
  counts.open = 3;
  counts.refused_address = 2;
  counts.refused_limit = 1;
  Status status(*stored.store, clock, metrics, {});
  status.watch(WatchedListener{"his", [counts] { return counts; }});
  auto reader = std::move(*stored.store->open_reader());
  status.look(*reader);
  status.look(*reader);
  CHECK(metrics.gauge(metric::kConnections, {{"listener", "his"}}).value() == 3);
  CHECK(metrics.counter(metric::kConnectionsRefused, {{"listener", "his"}}).value() == 3);
}

TEST_CASE("a full audit file becomes the one before, and nothing of the newest is lost") {
  TempFolder folder;
  FixedClock clock(kMonday);
  Log log({}, clock);
  const auto path = folder.file("audit.log");
  const auto access = [&](std::string_view id) {
    auto audit = AuditLog::open({path, 60, 1h}, clock, log);
    REQUIRE(audit);
    (*audit)->add({"reader", "127.0.0.1", "read", "Patient", id, 200});
  };
  access("a\"1");
  CHECK(read_all(path) ==
        R"({"at":"2026-03-02T00:00:00.000Z","who":"reader","address":"127.0.0.1","interaction":"read",)"
        R"("type":"Patient","id":"a\"1","status":200})"
        "\n");
  access("b");
  access("c");
  CHECK_THAT(read_all(path), Contains("\"c\"") && !Contains("\"b\""));
  CHECK_THAT(read_all(path + ".1"), Contains("\"b\"") && !Contains("a\\\"1"));
}

TEST_CASE("an audit that cannot be written is refused at the start") {
  FixedClock clock(kMonday);
  Log log({}, clock);
  const auto audit = AuditLog::open({"/nowhere/at/all/audit.log", 60, 1h}, clock, log);
  REQUIRE(!audit);
  CHECK(audit.error().number == 9103);
}
