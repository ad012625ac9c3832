#include "gateway/delivery/outbox.h"

#include <algorithm>

namespace lienthong::delivery {
namespace {

using store::Sql;

const Sql kLastEntry(
    "SELECT max((SELECT coalesce(max(entry),0) FROM outbox_resource),(SELECT coalesce(max(entry),0) FROM "
    "outbox_message))");
const Sql kAddResource(
    "INSERT INTO outbox_resource(entry, destination, lane, resource, change, first_at) "
    "VALUES(?1,?2,?3,?4,?5,?6) "
    "ON CONFLICT(destination, resource) DO UPDATE SET change=max(change, excluded.change), "
    "lane=excluded.lane");
const Sql kAddMessage(
    "INSERT INTO outbox_message(entry, destination, lane, message, first_at) VALUES(?1,?2,?3,?4,?5)");
const Sql kRemoveResource("DELETE FROM outbox_resource WHERE entry=?1 AND change<=?2");
const Sql kResourceThere("SELECT 1 FROM outbox_resource WHERE entry=?1");
const Sql kRemoveMessage("DELETE FROM outbox_message WHERE entry=?1");
const Sql kBury(
    "INSERT INTO dead_letter(destination, lane, resource, message, change, at, status, reason) "
    "VALUES(?1,?2,?3,?4,?5,?6,?7,?8)");
const Sql kReadResources(
    "SELECT entry, lane, resource, change, first_at FROM outbox_resource WHERE entry>?2 AND destination=?1 "
    "ORDER BY entry LIMIT ?3");
const Sql kReadMessages(
    "SELECT entry, lane, message, 0, first_at FROM outbox_message WHERE entry>?2 AND destination=?1 "
    "ORDER BY entry LIMIT ?3");
const Sql kWaitingEntry("SELECT entry, change FROM outbox_resource WHERE destination=?1 AND resource=?2");
const Sql kBuried("SELECT 1 FROM dead_letter WHERE destination=?1 AND resource=?2 LIMIT 1");
const Sql kDead(
    "SELECT row, lane, resource, message, change FROM dead_letter WHERE destination=?1 ORDER BY row LIMIT "
    "?2");
const Sql kReadDead(
    "SELECT resource, message, at, status, reason FROM dead_letter WHERE destination=?1 ORDER BY row LIMIT "
    "?2");
const Sql kForgetDead("DELETE FROM dead_letter WHERE row=?1");
const Sql kDepth(
    "SELECT (SELECT count(*) FROM outbox_resource WHERE destination=?1)+(SELECT count(*) FROM outbox_message "
    "WHERE "
    "destination=?1), (SELECT count(*) FROM dead_letter WHERE destination=?1)");
const Sql kOldestResource("SELECT first_at FROM outbox_resource WHERE destination=?1 ORDER BY entry LIMIT 1");
const Sql kOldestMessage("SELECT first_at FROM outbox_message WHERE destination=?1 ORDER BY entry LIMIT 1");

std::int64_t micros(Instant at) {
  return at.time_since_epoch().count();
}
Instant instant(std::int64_t at) {
  return Instant(std::chrono::microseconds(at));
}

// The first column of the first row; 0 when there is none.
Result<std::int64_t> first_integer(store::Statement statement) {
  auto row = statement.step();
  if (!row) return forward(row);
  return *row ? statement.integer(0) : 0;
}

}  // namespace

Result<void> Outbox::load(store::Connection& connection) {
  auto last = first_integer(connection.query(kLastEntry));
  if (!last) return forward(last);
  next_entry_ = *last + 1;
  return {};
}

bool Route::takes(const Change& change) const noexcept {
  if (change.test != test) return false;
  return types.empty() || std::find(types.begin(), types.end(), change.type) != types.end();
}

void Outbox::set_routes(std::vector<Route> routes) {
  routes_ = std::move(routes);
}

Result<void> Outbox::add(store::Transaction& transaction, std::span<const Change> changes, Instant now) {
  for (const auto& route : routes_) {
    if (auto added = add_for(transaction, route.destination, changes, now); !added) return added;
  }
  return {};
}

Result<void> Outbox::add_for(store::Transaction& transaction, DestinationId destination,
                             std::span<const Change> changes, Instant now) {
  const auto route = std::find_if(routes_.begin(), routes_.end(),
                                  [destination](const auto& one) { return one.destination == destination; });
  if (route == routes_.end()) return {};
  for (const auto& change : changes) {
    if (!route->takes(change)) continue;
    if (auto added = add_one(transaction, destination, change, now); !added) return added;
  }
  return {};
}

Result<void> Outbox::add_one(store::Transaction& transaction, DestinationId destination, const Change& change,
                             Instant now) {
  added_ = true;
  return transaction.run(kAddResource, next_entry_++, destination, change.lane, change.resource,
                         change.sequence, micros(now));
}

Result<void> Outbox::add(store::Transaction& transaction, Lane lane, MessageRow message, Instant now,
                         bool test) {
  for (const auto& route : routes_) {
    if (route.test != test) continue;
    auto added = transaction.run(kAddMessage, next_entry_++, route.destination, lane, message, micros(now));
    if (!added) return added;
    added_ = true;
  }
  return {};
}

Result<std::size_t> Outbox::resend(store::Transaction& transaction, DestinationId destination,
                                   std::size_t limit, Instant now) {
  struct Dead {
    std::int64_t row;
    Lane lane;
    bool is_resource;
    std::int64_t what, change;
  };
  std::vector<Dead> dead;
  {
    auto rows = transaction.query(kDead, destination, static_cast<std::int64_t>(limit));
    for (;;) {
      const auto row = rows.step();
      if (!row) return forward(row);
      if (!*row) break;
      const bool is_resource = !rows.is_null(2);
      dead.push_back({rows.integer(0), Lane{rows.integer(1)}, is_resource, rows.integer(is_resource ? 2 : 3),
                      rows.integer(4)});
    }
  }
  for (const auto& one : dead) {
    auto queued = one.is_resource ? transaction.run(kAddResource, next_entry_++, destination, one.lane,
                                                    ResourceRow{one.what}, one.change, micros(now))
                                  : transaction.run(kAddMessage, next_entry_++, destination, one.lane,
                                                    MessageRow{one.what}, micros(now));
    if (!queued) return forward(queued);
    if (auto forgotten = transaction.run(kForgetDead, one.row); !forgotten) return forward(forgotten);
    added_ = true;
  }
  return dead.size();
}

void Outbox::after_commit() {
  if (added_ && on_added_) on_added_();
  added_ = false;
}

Result<void> remove_delivered(store::Transaction& transaction, std::span<const Delivered> delivered,
                              std::vector<std::int64_t>& still_waiting) {
  for (const auto& one : delivered) {
    const bool message = one.kind == EntryKind::Message;
    auto removed = message ? transaction.run(kRemoveMessage, one.entry)
                           : transaction.run(kRemoveResource, one.entry, one.change);
    if (!removed) return removed;
    if (message || transaction.changes() > 0) continue;
    auto there = first_integer(transaction.query(kResourceThere, one.entry));
    if (!there) return forward(there);
    if (*there == 1) still_waiting.push_back(one.entry);
  }
  return {};
}

Result<void> bury(store::Transaction& transaction, DestinationId destination, EntryKind kind,
                  const OutboxEntry& entry, int status, std::string_view reason, Instant now) {
  const bool resource = kind == EntryKind::Resource;
  auto buried = transaction.run(
      kBury, destination, entry.lane, resource ? std::optional(entry.resource) : std::nullopt,
      resource ? std::nullopt : std::optional(entry.message), entry.change, micros(now), status, reason);
  if (!buried) return buried;
  // A change that came after what was refused is tried again: the row stays for it.
  return resource ? transaction.run(kRemoveResource, entry.entry, entry.change)
                  : transaction.run(kRemoveMessage, entry.entry);
}

Result<std::vector<OutboxEntry>> read_entries(store::Connection& connection, DestinationId destination,
                                              EntryKind kind, std::int64_t after, std::size_t limit) {
  std::vector<OutboxEntry> entries;
  const bool resource = kind == EntryKind::Resource;
  auto rows = connection.query(resource ? kReadResources : kReadMessages, destination, after, limit);
  for (;;) {
    auto row = rows.step();
    if (!row) return forward(row);
    if (!*row) return entries;
    OutboxEntry entry;
    entry.entry = rows.integer(0);
    entry.lane = rows.id<Lane>(1);
    if (resource) {
      entry.resource = rows.id<ResourceRow>(2);
    } else {
      entry.message = rows.id<MessageRow>(2);
    }
    entry.change = rows.integer(3);
    entry.first_at = instant(rows.integer(4));
    entries.push_back(entry);
  }
}

Result<std::int64_t> waiting_entry(store::Connection& connection, DestinationId destination,
                                   ResourceRow resource, std::int64_t& change) {
  auto statement = connection.query(kWaitingEntry, destination, resource);
  auto row = statement.step();
  if (!row) return forward(row);
  if (!*row) return 0;
  change = statement.integer(1);
  return statement.integer(0);
}

Result<std::vector<DeadLetter>> dead_letters(store::Connection& connection, DestinationId destination,
                                             std::size_t limit) {
  std::vector<DeadLetter> letters;
  auto rows = connection.query(kReadDead, destination, static_cast<std::int64_t>(limit));
  for (;;) {
    const auto row = rows.step();
    if (!row) return forward(row);
    if (!*row) return letters;
    const bool is_message = rows.is_null(0);
    letters.push_back({is_message, rows.integer(is_message ? 1 : 0), instant(rows.integer(2)),
                       static_cast<int>(rows.integer(3)), std::string(rows.text(4))});
  }
}

Result<bool> is_buried(store::Connection& connection, DestinationId destination, ResourceRow resource) {
  auto found = first_integer(connection.query(kBuried, destination, resource));
  if (!found) return forward(found);
  return *found == 1;
}

Result<OutboxDepth> depth(store::Connection& connection, DestinationId destination) {
  OutboxDepth result;
  {
    auto statement = connection.query(kDepth, destination);
    auto row = statement.step();
    if (!row) return forward(row);
    result.waiting = static_cast<std::uint64_t>(statement.integer(0));
    result.dead = static_cast<std::uint64_t>(statement.integer(1));
  }
  std::int64_t oldest = 0;
  for (const auto* sql : {&kOldestResource, &kOldestMessage}) {
    auto at = first_integer(connection.query(*sql, destination));
    if (!at) return forward(at);
    if (*at != 0 && (oldest == 0 || *at < oldest)) oldest = *at;
  }
  result.oldest = instant(oldest);
  return result;
}

}  // namespace lienthong::delivery
