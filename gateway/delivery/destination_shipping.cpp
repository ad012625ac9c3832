// What goes out: lanes gathered into bundles, and what may not go taken out.
#include <utility>
#include <vector>

#include "gateway/delivery/destination_impl.h"
#include "gateway/repository/error_numbers.h"

namespace lienthong::delivery {
namespace {

// What no later attempt can mend: it must not keep back what stands beside it (semantics 22).
bool is_hopeless(const Error& error) noexcept {
  return error.category == Category::Incorrect || error.number == repository::kDamagedBody;
}

}  // namespace

Result<void> Destination::Impl::send_what_can_be() {
  // After a failure one bundle goes ahead to see whether the other side is back.
  const std::size_t parallel = backoff_.count() > 0 ? 1 : options_.parallel;
  while (on_the_way_.size() < parallel && Steady::now() >= paused_until_ && !queue_.idle()) {
    auto sent = options_.kind == EntryKind::Resource ? ship_resources() : ship_message();
    if (!sent) return forward(sent);
    if (!*sent) return {};
  }
  return {};
}

// False when nothing could be sent now.
Result<bool> Destination::Impl::ship_resources() {
  auto snapshot = reader_->snapshot();
  if (!snapshot) return forward(snapshot);
  BundleBuilder builder(*services_.repository, *reader_, options_.id, in_flight_, options_.clearance);
  Shipment shipment;
  auto gathered = gather_lanes(builder, shipment);
  withheld_.add(builder.withheld().size());
  if (auto taken = take_out(builder.withheld()); gathered && !taken) gathered = forward(taken);
  if (!gathered || builder.size() == 0) {
    release(shipment);
    if (!gathered) return forward(gathered);
    return *gathered;
  }
  shipment.included = builder.included();
  dispatch(std::move(shipment), builder.finish());
  return true;
}

// What the destination may not have does not wait for it.
Result<void> Destination::Impl::take_out(const std::vector<Delivered>& withheld) {
  if (withheld.empty()) return {};
  std::vector<std::int64_t> again;
  auto removed = services_.store.submit_and_wait(
      [&](store::Transaction& transaction) { return remove_delivered(transaction, withheld, again); });
  // What has changed meanwhile is judged anew.
  if (!removed || !again.empty()) cursor_ = 0;
  return removed;
}

// Takes lanes until the bundle is full. True when some lane was taken (perhaps only to find it delivered
// already).
Result<bool> Destination::Impl::gather_lanes(BundleBuilder& builder, Shipment& shipment) {
  bool progress = false;
  std::vector<Lane> must_wait;
  while (builder.size() < options_.max_entries && builder.bytes() < options_.max_bytes) {
    const auto lane = queue_.take_lane();
    if (!lane) break;
    const bool alone = alone_.count(lane->value) > 0;
    if (alone && builder.size() > 0) {
      must_wait.push_back(*lane);
      break;
    }
    auto gathered = gather_lane(builder, shipment, *lane);
    if (!gathered) {
      must_wait.push_back(*lane);
      for (const auto waiting : must_wait) queue_.release(waiting);
      return forward(gathered);
    }
    progress = progress || *gathered;
    if (*gathered) {
      shipment.lanes.push_back(*lane);
    } else {
      must_wait.push_back(*lane);
    }
    if (alone) break;
  }
  for (const auto lane : must_wait) queue_.release(lane);
  return progress;
}

// False when the lane's first entry must wait for something in flight.
Result<bool> Destination::Impl::gather_lane(BundleBuilder& builder, Shipment& shipment, Lane lane) {
  bool progress = false;
  std::vector<std::int64_t> gone;
  for (const auto& entry : queue_.entries(lane)) {
    if (builder.size() >= options_.max_entries || builder.bytes() >= options_.max_bytes) break;
    auto added = builder.add(entry);
    if (!added && added.error().category == Category::NotFound)
      added = BundleBuilder::Added::AlreadyDelivered;
    if (!added && is_hopeless(added.error())) {
      if (!bury_unsent(entry, added.error())) break;
      progress = true;
      gone.push_back(entry.entry);
      continue;
    }
    if (!added) return forward(added);
    if (*added == BundleBuilder::Added::MustWait) break;
    progress = true;
    if (*added == BundleBuilder::Added::AlreadyDelivered || *added == BundleBuilder::Added::Withheld) {
      gone.push_back(entry.entry);
      continue;
    }
    shipment.entries.push_back(entry);
    if (alone_.count(lane.value) > 0) break;
  }
  for (const auto entry : gone) {
    queue_.remove(lane, entry);
    one_less_alone(lane);
  }
  return progress;
}

Result<bool> Destination::Impl::ship_message() {
  const auto lane = queue_.take_lane();
  if (!lane) return false;
  Shipment shipment;
  shipment.lanes.push_back(*lane);
  if (queue_.entries(*lane).empty()) {
    release(shipment);
    return true;
  }
  shipment.entries.push_back(queue_.entries(*lane).front());
  auto bundle = services_.render(*reader_, shipment.entries.front().message);
  if (!bundle && meaning_of(bundle.error().category).retry) {
    // It cannot be made now (its mapping is being corrected): waits as for a destination that is down.
    hold(shipment, SendResult{SendResult::Kind::Transient, 0, to_string(bundle.error()), 0});
    return true;
  }
  if (!bundle) {
    bury_front(shipment, SendResult{SendResult::Kind::Permanent, 0, to_string(bundle.error()), 0});
    return true;
  }
  return ship_cleared(std::move(shipment), std::move(*bundle));
}

// What is left of a message when what the destination may not have is taken out.
Result<bool> Destination::Impl::ship_cleared(Shipment shipment, std::string bundle) {
  std::size_t withheld = 0;
  auto cleared = cleared_bundle(std::move(bundle), options_.clearance, withheld);
  withheld_.add(withheld);
  if (!cleared.empty()) {
    dispatch(std::move(shipment), std::move(cleared));
    return true;
  }
  const auto& entry = shipment.entries.front();
  auto taken = take_out({{EntryKind::Message, entry.entry, 0}});
  if (taken) queue_.remove(entry.lane, entry.entry);
  release(shipment);
  if (!taken) return forward(taken);
  return true;
}

void Destination::Impl::dispatch(Shipment shipment, std::string bundle) {
  const auto number = next_shipment_++;
  for (const auto& included : shipment.included) in_flight_.insert(included.resource.value);
  shipment.sent_at = Steady::now();
  on_the_way_.emplace(number, std::move(shipment));
  sender_->send(std::move(bundle), [this, number](SendResult result) {
    {
      const std::lock_guard lock(mutex_);
      answers_.push_back({number, std::move(result)});
    }
    changed_.notify_one();
  });
}

}  // namespace lienthong::delivery
