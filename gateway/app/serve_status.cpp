#include "gateway/app/serve_status.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "gateway/app/replay_call.h"
#include "gateway/base/json_text.h"
#include "gateway/base/metric_table.h"

namespace lienthong::app {
namespace {

constexpr std::chrono::seconds kEvery{2};

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
               std::vector<Destination> destinations, const repository::Repository* repository)
    : store_(store),
      clock_(clock),
      metrics_(metrics),
      started_(clock.now()),
      repository_(repository),
      versions_made_(metrics.counter(metric::kResourceVersions)),
      database_(metrics.gauge(metric::kDatabaseBytes)),
      queue_(metrics.gauge(metric::kWriterQueue)),
      full_(metrics.gauge(metric::kDiskFull)),
      wal_(metrics.gauge(metric::kWalBytes)),
      counted_(metrics.gauge(metric::kResults, {{"kind", "original"}})),
      untied_(metrics.gauge(metric::kResults, {{"kind", "claims-copy"}})),
      tied_(metrics.gauge(metric::kResults, {{"kind", "claims-copy-tied"}})),
      made_up_(metrics.gauge(metric::kResults, {{"kind", "made-up"}})) {
  for (auto& destination : destinations) {
    auto& waiting = metrics.gauge(metric::kOutboxResources, {{"destination", destination.name}});
    auto& age = metrics.gauge(metric::kOutboxAge, {{"destination", destination.name}});
    watched_.push_back({std::move(destination), &waiting, &age, {}});
  }
  ticker_.emplace("lt-status", kEvery, [this] {
    if (reader_ == nullptr) {
      if (auto opened = store_.open_reader()) reader_ = std::move(*opened);
    }
    if (reader_ != nullptr) look(*reader_);
  });
}

void Status::look(store::Reader& reader) {
  queue_.set(static_cast<std::int64_t>(store_.queue_depth()));
  full_.set(store_.state() == store::StoreState::Full ? 1 : 0);
  wal_.set(static_cast<std::int64_t>(store_.counters().wal_pages) * 4096);
  std::error_code none;
  const auto bytes = std::filesystem::file_size(store_.options().path, none);
  if (!none) database_.set(static_cast<std::int64_t>(bytes));
  if (repository_ != nullptr) {
    versions_made_.add(repository_->versions_made() - versions_made_.value());
    look_at_results(reader);
  }
  look_at_destinations(reader);
  const std::lock_guard lock(mutex_);
  look_at_sources();
  look_at_listeners();
}

// Semantics 16, 17: kinds that exclude each other.
void Status::look_at_results(store::Reader& reader) {
  const auto results = repository_->result_counts(reader);
  if (!results) return;
  const auto untied = results->copies - results->tied;
  counted_.set(static_cast<std::int64_t>(results->counted_once() - untied));
  untied_.set(static_cast<std::int64_t>(untied));
  tied_.set(static_cast<std::int64_t>(results->tied));
  made_up_.set(static_cast<std::int64_t>(results->made_up));
  const std::lock_guard lock(mutex_);
  results_ = *results;
}

// A source that has not spoken since the start counts from the start: what came before is not asked for.
void Status::look_at_sources() {
  const Instant now = clock_.now();
  for (auto& heard : sources_) {
    const Instant last = std::max(heard.source.last_heard(), started_);
    heard.silent_seconds = std::chrono::duration_cast<std::chrono::seconds>(now - last).count();
    const bool late = heard.source.expect.is_late(last, now, heard.source.utc_offset);
    if (std::exchange(heard.late, late) != late && heard.source.turned) heard.source.turned(late);
    heard.silent->set(heard.late ? 1 : 0);
    if (heard.source.mapping) heard.mapping = heard.source.mapping();
    if (heard.source.mapping_refused) heard.mapping_refused = heard.source.mapping_refused();
  }
}

void Status::look_at_listeners() {
  for (auto& listening : listeners_) {
    const auto counts = listening.listener.counts();
    const auto refused = counts.refused_address + counts.refused_limit;
    listening.open->set(static_cast<std::int64_t>(counts.open));
    listening.refused->add(refused - std::exchange(listening.counted, refused));
  }
}

void Status::watch(WatchedSource source) {
  auto& silent = metrics_.gauge(metric::kSourceSilent, {{"source", source.name}});
  const std::lock_guard lock(mutex_);
  sources_.push_back({std::move(source), &silent});
}

void Status::watch(WatchedListener listener) {
  auto& open = metrics_.gauge(metric::kConnections, {{"listener", listener.name}});
  auto& refused = metrics_.counter(metric::kConnectionsRefused, {{"listener", listener.name}});
  const std::lock_guard lock(mutex_);
  listeners_.push_back({std::move(listener), &open, &refused});
}

// A million that wait take a tenth of a second to count: no more than a hundredth of the time is spent on it,
// and meanwhile the last count stands.
Result<delivery::OutboxDepth> Status::depth_of(store::Reader& reader, Watched& watched) {
  constexpr int kRest = 100;
  const auto begin = std::chrono::steady_clock::now();
  if (begin < watched.count_again) return watched.depth;  // written by this thread alone
  auto depth = delivery::depth(reader, watched.destination.id);
  const auto end = std::chrono::steady_clock::now();
  if (depth) watched.count_again = end + kRest * (end - begin);
  return depth;
}

void Status::look_at_destinations(store::Reader& reader) {
  for (auto& watched : watched_) {
    const auto depth = depth_of(reader, watched);
    if (!depth) continue;
    const bool waits = depth->oldest != Instant{};
    watched.waiting->set(static_cast<std::int64_t>(depth->waiting));
    watched.age->set(
        waits ? std::chrono::duration_cast<std::chrono::seconds>(clock_.now() - depth->oldest).count() : 0);
    auto away = watched.destination.away_since ? watched.destination.away_since() : std::nullopt;
    if (away && clock_.now() - *away < kLongAway) away.reset();
    const std::lock_guard lock(mutex_);
    watched.depth = *depth;
    watched.away_since = away;
  }
}

std::string Status::destinations_json(bool& degraded) const {
  std::string out = "[";
  for (const auto& watched : watched_) {
    if (out.back() != '[') out += ',';
    out += "{\"name\":";
    append_json_string(out, watched.destination.name);
    out += ",\"waiting\":" + std::to_string(watched.depth.waiting) +
           ",\"dead\":" + std::to_string(watched.depth.dead);
    out += ",\"oldest_seconds\":" + std::to_string(watched.age->value());
    if (watched.away_since) {
      degraded = true;
      out += ",\"away_since\":\"" + format_instant(*watched.away_since, std::chrono::minutes(0)) + '"';
    }
    out += '}';
  }
  return out + ']';
}

std::string Status::sources_json(bool& degraded) const {
  std::string out = "[";
  for (const auto& heard : sources_) {
    if (out.back() != '[') out += ',';
    degraded = degraded || heard.late || heard.mapping_refused;
    out += "{\"name\":";
    append_json_string(out, heard.source.name);
    out += ",\"silent_seconds\":" + std::to_string(heard.silent_seconds) +
           ",\"late\":" + (heard.late ? "true" : "false");
    if (heard.source.mapping) {
      out += ",\"mapping\":";
      append_json_string(out, heard.mapping);
      out += ",\"mapping_refused\":" + std::string(heard.mapping_refused ? "true" : "false");
    }
    out += '}';
  }
  return out + ']';
}

std::string Status::health(Health& health) const {
  const auto state = store_.state();
  const std::lock_guard lock(mutex_);
  bool degraded = false;
  const auto destinations = destinations_json(degraded);
  const auto sources = sources_json(degraded);
  health = state != store::StoreState::Ready ? Health::Failing : degraded ? Health::Degraded : Health::Works;
  constexpr std::string_view kWords[] = {"ok", "degraded", "failing"};
  std::string out = "{\"status\":\"" + std::string(kWords[static_cast<std::size_t>(health)]) +
                    "\",\"store\":\"" + std::string(name_of(state)) + "\",\"destinations\":" + destinations +
                    ",\"sources\":" + sources;
  if (repository_ != nullptr) {
    out += ",\"results\":{\"stored\":" + std::to_string(results_.all) +
           ",\"claims_copies\":" + std::to_string(results_.copies) +
           ",\"tied\":" + std::to_string(results_.tied) + ",\"made_up\":" + std::to_string(results_.made_up) +
           ",\"counted_once\":" + std::to_string(results_.counted_once()) + "}";
  }
  return out + "}\n";
}

}  // namespace lienthong::app
