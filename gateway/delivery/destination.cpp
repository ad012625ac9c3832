#include "gateway/delivery/destination.h"

#include <algorithm>
#include <utility>

#include "gateway/base/metric_table.h"
#include "gateway/delivery/backfill.h"
#include "gateway/delivery/destination_impl.h"

namespace lienthong::delivery {

Destination::Impl::Impl(DestinationServices services, DestinationOptions options,
                        std::unique_ptr<Sender> sender)
    : services_(std::move(services)),
      options_(std::move(options)),
      sender_(std::move(sender)),
      delivered_(services_.metrics.counter(metric::kDelivered, {{"destination", options_.name}})),
      dead_(services_.metrics.counter(metric::kDeadLetters, {{"destination", options_.name}})),
      withheld_(services_.metrics.counter(metric::kWithheld, {{"destination", options_.name}})),
      took_(services_.metrics.histogram(metric::kDeliverySeconds, {{"destination", options_.name}})) {}

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

std::optional<Instant> Destination::Impl::away_since() const {
  const std::lock_guard lock(mutex_);
  return away_since_;
}

// The destination's thread.
void Destination::Impl::note_away(bool away) {
  const std::lock_guard lock(mutex_);
  if (!away) {
    away_since_.reset();
  } else if (!away_since_) {
    away_since_ = services_.clock.now();
  }
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
std::optional<Instant> Destination::away_since() const {
  return impl_->away_since();
}
const DestinationOptions& Destination::options() const noexcept {
  return impl_->options();
}

}  // namespace lienthong::delivery
