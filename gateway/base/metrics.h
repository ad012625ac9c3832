#pragma once
// Counters, gauges and histograms, and their text for Prometheus (exposition format 0.0.4).
//
// Every metric is described once, in metric_table.h; docs/metrics.md is compared with that table by a test.
// Labels come from the configuration or a closed set (source, destination, fate …): never from messages, so a
// sender cannot make series. No patient data.

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lienthong {

enum class MetricKind : std::uint8_t { Counter, Gauge, Histogram };

// What a metric is. `labels` separated by commas ("source,fate"); "" = none. Histograms are of seconds.
struct MetricDescription {
  std::string_view name;
  MetricKind kind;
  std::string_view labels;
  std::string_view help;
};

// Only grows. Any thread, lock-free.
class alignas(64) Counter {
 public:
  void add(std::uint64_t by = 1) noexcept { value_.fetch_add(by, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Goes up and down. Any thread, lock-free.
class alignas(64) Gauge {
 public:
  void set(std::int64_t to) noexcept { value_.store(to, std::memory_order_relaxed); }
  void add(std::int64_t by) noexcept { value_.fetch_add(by, std::memory_order_relaxed); }
  std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// How long something took, in fixed buckets from 100 µs to 60 s. Any thread, lock-free.
class alignas(64) Histogram {
 public:
  static constexpr std::array<std::int64_t, 14> kBoundsMicros = {
      100,    250,     500,     1'000,     2'500,     5'000,      10'000,
      25'000, 100'000, 250'000, 1'000'000, 5'000'000, 10'000'000, 60'000'000};

  void observe(std::chrono::nanoseconds took) noexcept;
  std::uint64_t bucket(
      std::size_t index) const noexcept;  // not cumulative; the last one is beyond all bounds
  std::uint64_t count() const noexcept;
  std::chrono::nanoseconds sum() const noexcept;

 private:
  std::array<std::atomic<std::uint64_t>, kBoundsMicros.size() + 1> buckets_{};
  std::atomic<std::int64_t> sum_nanos_{0};
};

// Owns all metrics of a process. Registration takes a lock and is for set-up: keep the reference, it stays
// valid as long as the registry. Asking again for the same labels gives the same object.
class Metrics {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  Metrics() = default;
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // The labels must be those of the description, in its order; throws std::logic_error otherwise (a broken
  // program).
  Counter& counter(const MetricDescription& description, Labels labels = {});
  Gauge& gauge(const MetricDescription& description, Labels labels = {});
  Histogram& histogram(const MetricDescription& description, Labels labels = {});

  // A gauge or counter whose value is asked for at each exposition (a queue's length, a file's size). `read`
  // may be called by any thread and must not block; the returned guard's end removes it.
  class Reading;
  [[nodiscard]] Reading read_from(const MetricDescription& description, Labels labels,
                                  std::function<std::int64_t()> read);

  // The whole page, in the order of first registration. Any thread.
  std::string exposition() const;

 private:
  struct Series {
    std::string labels;  // rendered: source="his",fate="stored"
    std::uint64_t id = 0;
    Counter* counter = nullptr;
    Gauge* gauge = nullptr;
    Histogram* histogram = nullptr;
    std::function<std::int64_t()> read;
  };
  struct Family {
    MetricDescription description;
    std::vector<Series> series;
  };
  Series& series_of(const MetricDescription& description, MetricKind kind, Labels labels);
  void remove(std::uint64_t id);

  mutable std::mutex mutex_;
  std::uint64_t next_id_ = 1;
  std::vector<Family> families_;
  std::deque<Counter> counters_;
  std::deque<Gauge> gauges_;
  std::deque<Histogram> histograms_;
};

// Keeps a read_from() alive. Movable; must end before the registry.
class Metrics::Reading {
 public:
  Reading() = default;
  Reading(Metrics& metrics, std::uint64_t id) : metrics_(&metrics), id_(id) {}
  Reading(Reading&& other) noexcept : metrics_(std::exchange(other.metrics_, nullptr)), id_(other.id_) {}
  Reading& operator=(Reading&& other) noexcept {
    std::swap(metrics_, other.metrics_);
    std::swap(id_, other.id_);
    return *this;
  }
  ~Reading() {
    if (metrics_ != nullptr) metrics_->remove(id_);
  }

 private:
  Metrics* metrics_ = nullptr;
  std::uint64_t id_ = 0;
};

}  // namespace lienthong
