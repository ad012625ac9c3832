// What comes back: confirmed, refused for good, or to be tried again.
#include <algorithm>
#include <utility>
#include <vector>

#include "gateway/delivery/destination_impl.h"

namespace lienthong::delivery {

void Destination::Impl::handle(const Answer& answer, std::vector<Shipment>& confirmed) {
  const auto found = on_the_way_.find(answer.shipment);
  if (found == on_the_way_.end()) return;
  Shipment shipment = std::move(found->second);
  on_the_way_.erase(found);
  for (const auto& included : shipment.included) in_flight_.erase(included.resource.value);
  took_.observe(Steady::now() - shipment.sent_at);
  note_away(answer.result.kind == SendResult::Kind::Transient);
  switch (answer.result.kind) {
    case SendResult::Kind::Confirmed:
      confirmed.push_back(std::move(shipment));
      return;
    case SendResult::Kind::Permanent:
      return refuse(shipment, answer.result);
    case SendResult::Kind::Transient:
      return hold(shipment, answer.result);
  }
}

// All that was confirmed since the last look, in one commit.
void Destination::Impl::confirm(const std::vector<Shipment>& confirmed) {
  if (backoff_.count() > 0) services_.log.info("destination is back", {{"destination", options_.name}});
  backoff_ = {};
  std::vector<Delivered> delivered;
  for (const auto& shipment : confirmed) {
    for (const auto& included : shipment.included) {
      if (included.entry != 0) delivered.push_back({EntryKind::Resource, included.entry, included.change});
    }
    if (options_.kind == EntryKind::Message)
      delivered.push_back({EntryKind::Message, shipment.entries.front().entry, 0});
  }
  delivered_.add(delivered.size());
  std::vector<std::int64_t> again;
  auto removed = services_.store.submit_and_wait(
      [&](store::Transaction& transaction) { return remove_delivered(transaction, delivered, again); });
  if (!removed) {
    // The rows stay, so it is sent once more; the other side knows what it has.
    services_.log.warning("confirmation not kept",
                          {{"destination", options_.name}, {"error", to_string(removed.error())}});
    paused_until_ = Steady::now() + options_.first_backoff;
  }
  for (const auto& shipment : confirmed) {
    if (removed) forget(shipment, again);
    release(shipment);
  }
}

void Destination::Impl::forget(const Shipment& shipment, const std::vector<std::int64_t>& again) {
  for (const auto& entry : shipment.entries) {
    queue_.remove(entry.lane, entry.entry);
    if (std::find(again.begin(), again.end(), entry.entry) != again.end()) queue_.push(entry);
    one_less_alone(entry.lane);
  }
}

void Destination::Impl::one_less_alone(Lane lane) {
  const auto found = alone_.find(lane.value);
  if (found != alone_.end() && --found->second == 0) alone_.erase(found);
}

// No retry of the same bundle can help: what can go alone goes alone, down to the entry that is at fault.
void Destination::Impl::refuse(Shipment& shipment, const SendResult& result) {
  const bool one_entry = shipment.entries.size() <= 1;
  services_.log.warning(
      "destination refused",
      {{"destination", options_.name}, {"reason", result.reason}, {"resources", shipment.included.size()}});
  if (one_entry) return bury_front(shipment, result);
  for (const auto& entry : shipment.entries) ++alone_[entry.lane.value];
  release(shipment);
}

void Destination::Impl::bury_front(Shipment& shipment, const SendResult& result) {
  if (!shipment.entries.empty()) {
    auto entry = shipment.entries.front();
    for (const auto& included : shipment.included) {
      if (included.entry == entry.entry) entry.change = included.change;
    }
    if (bury_entry(entry, result)) {
      queue_.remove(entry.lane, entry.entry);
      if (waits_again(entry)) queue_.push(entry);
      one_less_alone(entry.lane);
    }
  }
  release(shipment);
}

// The caller takes it out of the queue. False: it stays, and is tried again.
bool Destination::Impl::bury_unsent(const OutboxEntry& entry, const Error& error) {
  auto latest = entry;  // what was queued may have changed since
  const auto waiting = waiting_entry(*reader_, options_.id, entry.resource, latest.change);
  if (!waiting) return false;
  return bury_entry(latest, SendResult{SendResult::Kind::Permanent, 0, to_string(error), 0});
}

bool Destination::Impl::bury_entry(const OutboxEntry& entry, const SendResult& result) {
  auto buried = services_.store.submit_and_wait([&](store::Transaction& transaction) {
    return bury(transaction, options_.id, options_.kind, entry, result.status, result.reason,
                services_.clock.now());
  });
  if (!buried) return false;
  dead_.add();
  services_.log.error("dead letter", {{"destination", options_.name},
                                      {"reason", result.reason},
                                      {"resource", entry.resource.value},
                                      {"message", entry.message.value}});
  return true;
}

// Whether the resource changed while what was refused was on its way: its row has stayed where it was, behind
// the cursor.
bool Destination::Impl::waits_again(const OutboxEntry& entry) {
  if (options_.kind != EntryKind::Resource) return false;
  std::int64_t change = 0;
  const auto waiting = waiting_entry(*reader_, options_.id, entry.resource, change);
  return waiting && *waiting == entry.entry;
}

void Destination::Impl::hold(Shipment& shipment, const SendResult& result) {
  if (backoff_.count() == 0) {
    services_.log.warning("destination does not take",
                          {{"destination", options_.name}, {"reason", result.reason}});
  }
  // Several bundles that were on their way when the other side failed are one failure.
  if (shipment.sent_at >= held_at_ || backoff_.count() == 0) {
    backoff_ = std::clamp(backoff_ * 2, options_.first_backoff, options_.most_backoff);
    held_at_ = Steady::now();
  }
  const auto asked = std::chrono::seconds(std::min<std::uint32_t>(result.retry_after_seconds, 3600));
  paused_until_ =
      std::max(paused_until_, Steady::now() + std::max<std::chrono::milliseconds>(backoff_, asked));
  release(shipment);
}

void Destination::Impl::release(const Shipment& shipment) {
  for (const auto lane : shipment.lanes) queue_.release(lane);
}

}  // namespace lienthong::delivery
