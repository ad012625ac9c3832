#include "gateway/delivery/outbox.h"

#include "tests/gateway/delivery/temporary_store.h"

using namespace lienthong;
using namespace lienthong::delivery;

namespace {

constexpr Instant kMorning{std::chrono::seconds(1'760'000'000)};

Change change(std::int64_t resource, std::int64_t sequence, std::string_view type = "Patient") {
  return {ResourceRow{resource}, type, Lane{resource}, sequence};
}

std::vector<OutboxEntry> entries(TemporaryStore& kept) {
  auto read = read_entries(*kept.reader(), kept.destination, EntryKind::Resource, 0, 100);
  REQUIRE(read.has_value());
  return *read;
}

void add(TemporaryStore& kept, std::vector<Change> changes) {
  kept.run([&](store::Transaction& transaction) { return kept.outbox.add(transaction, changes, kMorning); });
}

}  // namespace

TEST_CASE("A resource that changes twice waits once, with its newest change") {
  TemporaryStore kept;
  add(kept, {change(5, 10), change(6, 11)});
  add(kept, {change(5, 12)});
  const auto waiting = entries(kept);
  REQUIRE(waiting.size() == 2);
  CHECK(waiting[0].resource == ResourceRow{5});
  CHECK(waiting[0].change == 12);
  CHECK(waiting[1].resource == ResourceRow{6});
}

TEST_CASE("A confirmation takes out what was sent, and keeps what changed meanwhile") {
  TemporaryStore kept;
  add(kept, {change(5, 10), change(6, 11)});
  const auto waiting = entries(kept);
  add(kept, {change(5, 12)});
  std::vector<std::int64_t> again;
  const std::vector<Delivered> delivered = {{EntryKind::Resource, waiting[0].entry, 10},
                                            {EntryKind::Resource, waiting[1].entry, 11}};
  kept.run([&](store::Transaction& transaction) { return remove_delivered(transaction, delivered, again); });
  CHECK(again == std::vector<std::int64_t>{waiting[0].entry});
  REQUIRE(entries(kept).size() == 1);
  CHECK(entries(kept)[0].change == 12);
}

TEST_CASE("A route takes only the types it names") {
  TemporaryStore kept({"Observation"});
  add(kept, {change(5, 10, "Patient"), change(6, 11, "Observation")});
  REQUIRE(entries(kept).size() == 1);
  CHECK(entries(kept)[0].resource == ResourceRow{6});
}

TEST_CASE("Test data wait for test destinations, all else for the others") {
  TemporaryStore kept;
  DestinationId sandbox;
  kept.run([&](store::Transaction& transaction) -> Result<void> {
    auto id = store::destination_id(transaction, "sandbox");
    if (!id) return forward(id);
    sandbox = *id;
    kept.outbox.set_routes({{kept.destination, {}}, {sandbox, {}, true}});
    return {};
  });
  auto tried = change(6, 11);
  tried.test = true;
  add(kept, {change(5, 10), tried});
  REQUIRE(entries(kept).size() == 1);
  CHECK(entries(kept)[0].resource == ResourceRow{5});
  kept.run([&](store::Transaction& transaction) {
    return kept.outbox.add_for(transaction, sandbox, std::vector{change(7, 12)}, kMorning);
  });
  kept.run([&](store::Transaction& transaction) {
    return kept.outbox.add(transaction, Lane{9}, MessageRow{3}, kMorning, true);
  });
  const auto resources = read_entries(*kept.reader(), sandbox, EntryKind::Resource, 0, 100);
  REQUIRE(resources->size() == 1);
  CHECK(resources->front().resource == ResourceRow{6});
  CHECK(read_entries(*kept.reader(), sandbox, EntryKind::Message, 0, 100)->size() == 1);
  CHECK(read_entries(*kept.reader(), kept.destination, EntryKind::Message, 0, 100)->empty());
}

TEST_CASE("A buried entry leaves the outbox; a later change of it is tried again") {
  TemporaryStore kept;
  add(kept, {change(5, 10)});
  auto waiting = entries(kept);
  kept.run([&](store::Transaction& transaction) {
    return bury(transaction, kept.destination, EntryKind::Resource, waiting[0], 422, "HTTP 422 invalid",
                kMorning);
  });
  CHECK(entries(kept).empty());
  auto reader = kept.reader();
  CHECK(is_buried(*reader, kept.destination, ResourceRow{5}).value());
  CHECK(depth(*reader, kept.destination)->dead == 1);
  add(kept, {change(5, 11)});
  CHECK(entries(kept).size() == 1);
}

TEST_CASE("The depth tells how many wait and since when") {
  TemporaryStore kept;
  CHECK(depth(*kept.reader(), kept.destination)->waiting == 0);
  CHECK(depth(*kept.reader(), kept.destination)->oldest == Instant{});
  add(kept, {change(5, 10), change(6, 11)});
  const auto now = depth(*kept.reader(), kept.destination);
  CHECK(now->waiting == 2);
  CHECK(now->oldest == kMorning);
}

TEST_CASE("A job that fails leaves nothing in the outbox") {
  TemporaryStore kept;
  auto failed = kept.store->submit_and_wait([&](store::Transaction& transaction) -> Result<void> {
    const std::vector<Change> changes = {change(5, 10)};
    auto added = kept.outbox.add(transaction, changes, kMorning);
    if (!added) return added;
    return fail(Category::Conflict, 1, "the message cannot be kept");
  });
  CHECK_FALSE(failed.has_value());
  CHECK(entries(kept).empty());
}
