#include "gateway/app/serve_status.h"

#include "gateway/base/json_text.h"
#include "gateway/base/metric_table.h"

namespace lienthong::app {
namespace {

std::string_view name_of(store::StoreState state) noexcept {
  switch (state) {
    case store::StoreState::Ready:
      return "ready";
    case store::StoreState::Full:
      return "disk-full";
    case store::StoreState::Failed:
      return "failed";
    case store::StoreState::Stopped:
      return "stopped";
  }
  return "failed";
}

}  // namespace

Status::Status(store::Store& store, const Clock& clock, Metrics& metrics,
               std::vector<Destination> destinations)
    : store_(store),
      clock_(clock),
      queue_(metrics.gauge(metric::kWriterQueue)),
      full_(metrics.gauge(metric::kDiskFull)),
      wal_(metrics.gauge(metric::kWalBytes)) {
  for (auto& destination : destinations) {
    auto& waiting = metrics.gauge(metric::kOutboxResources, {{"destination", destination.name}});
    auto& age = metrics.gauge(metric::kOutboxAge, {{"destination", destination.name}});
    watched_.push_back({std::move(destination), &waiting, &age, {}});
  }
  thread_ = std::thread([this] { run(); });
}

Status::~Status() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void Status::run() {
  auto reader = store_.open_reader();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    if (reader) look(**reader);
    lock.lock();
    stop_.wait_for(lock, std::chrono::seconds(2), [this] { return stopping_; });
  }
}

void Status::look(store::Reader& reader) {
  queue_.set(static_cast<std::int64_t>(store_.queue_depth()));
  full_.set(store_.state() == store::StoreState::Full ? 1 : 0);
  wal_.set(static_cast<std::int64_t>(store_.counters().wal_pages) * 4096);
  for (auto& watched : watched_) {
    auto depth = delivery::depth(reader, watched.destination.id);
    if (!depth) continue;
    const bool waits = depth->oldest != Instant{};
    watched.waiting->set(static_cast<std::int64_t>(depth->waiting));
    watched.age->set(
        waits ? std::chrono::duration_cast<std::chrono::seconds>(clock_.now() - depth->oldest).count() : 0);
    const std::lock_guard lock(mutex_);
    watched.depth = *depth;
  }
}

std::string Status::health(bool& healthy) const {
  const auto state = store_.state();
  healthy = state == store::StoreState::Ready;
  std::string out = healthy ? R"({"status":"ok")" : R"({"status":"failing")";
  out += ",\"store\":\"" + std::string(name_of(state)) + "\",\"destinations\":[";
  const std::lock_guard lock(mutex_);
  for (const auto& watched : watched_) {
    if (out.back() != '[') out += ',';
    out += "{\"name\":";
    append_json_string(out, watched.destination.name);
    out += ",\"waiting\":" + std::to_string(watched.depth.waiting) +
           ",\"dead\":" + std::to_string(watched.depth.dead);
    out += ",\"oldest_seconds\":" + std::to_string(watched.age->value()) + "}";
  }
  return out + "]}\n";
}

}  // namespace lienthong::app
