#include "gateway/delivery/destination.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "gateway/base/metric_table.h"
#include "gateway/delivery/backfill.h"
#include "gateway/delivery/bundle_builder.h"
#include "gateway/delivery/lane_queue.h"
#include "gateway/delivery/shipment.h"
#include "gateway/repository/error_numbers.h"

namespace lienthong::delivery {
namespace {

using Steady = Shipment::Steady;

// What no later attempt can mend: it must not keep back what stands beside it (semantics 22).
bool is_hopeless(const Error& error) noexcept {
  return error.category == Category::Incorrect || error.number == repository::kDamagedBody;
}

}  // namespace

class Destination::Impl {
 public:
  Impl(DestinationServices services, DestinationOptions options, std::unique_ptr<Sender> sender)
      : services_(std::move(services)),
        options_(std::move(options)),
        sender_(std::move(sender)),
        delivered_(services_.metrics.counter(metric::kDelivered, {{"destination", options_.name}})),
        dead_(services_.metrics.counter(metric::kDeadLetters, {{"destination", options_.name}})),
        withheld_(services_.metrics.counter(metric::kWithheld, {{"destination", options_.name}})),
        took_(services_.metrics.histogram(metric::kDeliverySeconds, {{"destination", options_.name}})) {}

  const DestinationOptions& options() const noexcept { return options_; }
  void start() {
    thread_ = std::thread([this] { run(); });
  }
  void wake();
  void stop();

 private:
  struct Answer {
    std::uint64_t shipment;
    SendResult result;
  };

  void run();
  Result<void> refill();
  Result<void> send_what_can_be();
  Result<bool> ship_resources();
  Result<bool> ship_message();
  Result<bool> ship_cleared(Shipment shipment, std::string bundle);
  Result<bool> gather_lanes(BundleBuilder& builder, Shipment& shipment);
  Result<bool> gather_lane(BundleBuilder& builder, Shipment& shipment, Lane lane);
  Result<void> take_out(const std::vector<Delivered>& withheld);
  void dispatch(Shipment shipment, std::string bundle);
  void handle(const Answer& answer, std::vector<Shipment>& confirmed);
  void confirm(const std::vector<Shipment>& confirmed);
  void forget(const Shipment& shipment, const std::vector<std::int64_t>& again);
  void one_less_alone(Lane lane);
  void refuse(Shipment& shipment, const SendResult& result);
  void hold(Shipment& shipment, const SendResult& result);
  void release(const Shipment& shipment);
  void bury_front(Shipment& shipment, const SendResult& result);
  bool bury_unsent(const OutboxEntry& entry, const Error& error);
  bool bury_entry(const OutboxEntry& entry, const SendResult& result);
  bool waits_again(const OutboxEntry& entry);
  bool wait();

  DestinationServices services_;
  DestinationOptions options_;
  std::unique_ptr<Sender> sender_;
  Counter& delivered_;
  Counter& dead_;
  Counter& withheld_;
  Histogram& took_;

  // Shared with callbacks.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Answer> answers_;
  bool woken_ = true;
  bool idle_ = false;  // waits for anything to do
  bool stopping_ = false;

  // The destination's thread only.
  std::unique_ptr<store::Reader> reader_;
  LaneQueue queue_;
  std::int64_t cursor_ = 0;
  std::unordered_map<std::uint64_t, Shipment> on_the_way_;
  std::unordered_set<std::int64_t> in_flight_;  // resources
  // Lanes whose bundle was refused: so many entries of them are sent one by one, to find the one at fault.
  std::unordered_map<std::int64_t, std::size_t> alone_;
  std::uint64_t next_shipment_ = 1;
  Steady::time_point paused_until_{};
  Steady::time_point held_at_{};
  std::chrono::milliseconds backoff_{0};
  std::thread thread_;
};

// After each commit: no system call where the thread has been told before or would not act on it.
void Destination::Impl::wake() {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(woken_, true) && idle_) changed_.notify_one();
}

void Destination::Impl::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
  sender_.reset();  // its callbacks come now, if any is left
}

void Destination::Impl::run() {
  auto reader = services_.store.open_reader();
  if (!reader) return services_.log.error("destination has no reader", {{"destination", options_.name}});
  reader_ = std::move(*reader);
  if (options_.kind == EntryKind::Resource) {
    auto filled = backfill(services_.store, services_.outbox, *services_.repository, *reader_, options_.id,
                           options_.clearance, services_.clock);
    if (!filled)
      services_.log.error("backfill failed",
                          {{"destination", options_.name}, {"error", to_string(filled.error())}});
  }
  while (wait()) {
    auto good = refill();
    if (good) good = send_what_can_be();
    if (good) continue;
    // Reading failed (a snapshot was too old, a damaged row): said, and tried again after a pause.
    services_.log.error("delivery cannot read",
                        {{"destination", options_.name}, {"error", to_string(good.error())}});
    paused_until_ = Steady::now() + options_.first_backoff;
  }
}

// Waits for something to do and handles the answers that came; false when stopping.
bool Destination::Impl::wait() {
  std::vector<Answer> answers;
  {
    std::unique_lock lock(mutex_);
    const auto until = std::max(paused_until_, Steady::now() + std::chrono::milliseconds(1));
    const bool paused = paused_until_ > Steady::now();
    const auto something = [this] { return stopping_ || woken_ || !answers_.empty(); };
    if (paused) {
      changed_.wait_until(lock, until, [this] { return stopping_ || !answers_.empty(); });
    } else {
      idle_ = true;
      changed_.wait_for(lock, std::chrono::seconds(1), something);
      idle_ = false;
    }
    if (stopping_) return false;
    woken_ = false;
    answers.swap(answers_);
  }
  std::vector<Shipment> confirmed;
  for (const auto& answer : answers) handle(answer, confirmed);
  if (!confirmed.empty()) confirm(confirmed);
  return true;
}

Result<void> Destination::Impl::refill() {
  while (queue_.has_room()) {
    constexpr std::size_t kPage = 2000;
    auto entries = read_entries(*reader_, options_.id, options_.kind, cursor_, kPage);
    if (!entries) return forward(entries);
    for (const auto& entry : *entries) {
      cursor_ = entry.entry;
      queue_.push(entry);
    }
    if (entries->size() < kPage) return {};
  }
  return {};
}

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

void Destination::Impl::handle(const Answer& answer, std::vector<Shipment>& confirmed) {
  const auto found = on_the_way_.find(answer.shipment);
  if (found == on_the_way_.end()) return;
  Shipment shipment = std::move(found->second);
  on_the_way_.erase(found);
  for (const auto& included : shipment.included) in_flight_.erase(included.resource.value);
  took_.observe(Steady::now() - shipment.sent_at);
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

Destination::Destination(DestinationServices services, DestinationOptions options,
                         std::unique_ptr<Sender> sender)
    : impl_(std::make_unique<Impl>(std::move(services), std::move(options), std::move(sender))) {}
Destination::~Destination() {
  stop();
}
void Destination::start() {
  impl_->start();
}
void Destination::wake() {
  impl_->wake();
}
void Destination::stop() {
  impl_->stop();
}
const DestinationOptions& Destination::options() const noexcept {
  return impl_->options();
}

}  // namespace lienthong::delivery
