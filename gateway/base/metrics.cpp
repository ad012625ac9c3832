#include "gateway/base/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace lienthong {
namespace {

std::string_view word_of(MetricKind kind) noexcept {
  constexpr std::array<std::string_view, 3> kWords = {"counter", "gauge", "histogram"};
  return kWords[static_cast<std::size_t>(kind)];
}

void append_label_value(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

[[noreturn]] void refuse(const MetricDescription& description, std::string_view why) {
  throw std::logic_error(fmt::format("metric {}: {}", description.name, why));
}

std::string render_labels(const MetricDescription& description, Metrics::Labels labels) {
  std::string names, out;
  for (const auto& [name, value] : labels) {
    if (!names.empty()) names += ',', out += ',';
    names += name;
    out += name;
    out += "=\"";
    append_label_value(out, value);
    out += '"';
  }
  if (names != description.labels) refuse(description, "labels are not those of its description");
  return out;
}

void append_sample(std::string& out, std::string_view name, std::string_view labels, auto value) {
  if (labels.empty()) {
    fmt::format_to(std::back_inserter(out), "{} {}\n", name, value);
  } else {
    fmt::format_to(std::back_inserter(out), "{}{{{}}} {}\n", name, labels, value);
  }
}

void append_histogram(std::string& out, std::string_view name, std::string_view labels,
                      const Histogram& histogram) {
  const auto separator = labels.empty() ? "" : ",";
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < Histogram::kBoundsMicros.size(); ++i) {
    cumulative += histogram.bucket(i);
    fmt::format_to(std::back_inserter(out), "{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels, separator,
                   static_cast<double>(Histogram::kBoundsMicros[i]) / 1e6, cumulative);
  }
  cumulative += histogram.bucket(Histogram::kBoundsMicros.size());
  fmt::format_to(std::back_inserter(out), "{}_bucket{{{}{}le=\"+Inf\"}} {}\n", name, labels, separator,
                 cumulative);
  append_sample(out, fmt::format("{}_sum", name), labels, static_cast<double>(histogram.sum().count()) / 1e9);
  append_sample(out, fmt::format("{}_count", name), labels, cumulative);
}

}  // namespace

void Histogram::observe(std::chrono::nanoseconds took) noexcept {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  const auto at = std::lower_bound(kBoundsMicros.begin(), kBoundsMicros.end(), micros);
  buckets_[static_cast<std::size_t>(at - kBoundsMicros.begin())].fetch_add(1, std::memory_order_relaxed);
  sum_nanos_.fetch_add(took.count(), std::memory_order_relaxed);
}

std::uint64_t Histogram::bucket(std::size_t index) const noexcept {
  return buckets_[index].load(std::memory_order_relaxed);
}

std::uint64_t Histogram::count() const noexcept {
  std::uint64_t total = 0;
  for (const auto& bucket : buckets_) total += bucket.load(std::memory_order_relaxed);
  return total;
}

std::chrono::nanoseconds Histogram::sum() const noexcept {
  return std::chrono::nanoseconds(sum_nanos_.load(std::memory_order_relaxed));
}

Metrics::Series& Metrics::series_of(const MetricDescription& description, MetricKind kind, Labels labels) {
  if (description.kind != kind) refuse(description, fmt::format("is not a {}", word_of(kind)));
  auto rendered = render_labels(description, labels);
  auto family = std::find_if(families_.begin(), families_.end(),
                             [&](const Family& f) { return f.description.name == description.name; });
  if (family == families_.end()) family = families_.insert(family, Family{description, {}});
  auto series = std::find_if(family->series.begin(), family->series.end(),
                             [&](const Series& s) { return s.labels == rendered; });
  if (series != family->series.end()) return *series;
  Series made;
  made.labels = std::move(rendered);
  made.id = next_id_++;
  return family->series.emplace_back(std::move(made));
}

Counter& Metrics::counter(const MetricDescription& description, Labels labels) {
  const std::lock_guard lock(mutex_);
  auto& series = series_of(description, MetricKind::Counter, labels);
  if (series.counter == nullptr) series.counter = &counters_.emplace_back();
  return *series.counter;
}

Gauge& Metrics::gauge(const MetricDescription& description, Labels labels) {
  const std::lock_guard lock(mutex_);
  auto& series = series_of(description, MetricKind::Gauge, labels);
  if (series.gauge == nullptr) series.gauge = &gauges_.emplace_back();
  return *series.gauge;
}

Histogram& Metrics::histogram(const MetricDescription& description, Labels labels) {
  const std::lock_guard lock(mutex_);
  auto& series = series_of(description, MetricKind::Histogram, labels);
  if (series.histogram == nullptr) series.histogram = &histograms_.emplace_back();
  return *series.histogram;
}

Metrics::Reading Metrics::read_from(const MetricDescription& description, Labels labels,
                                    std::function<std::int64_t()> read) {
  const std::lock_guard lock(mutex_);
  auto& series = series_of(description, description.kind, labels);
  series.read = std::move(read);
  return Reading(*this, series.id);
}

void Metrics::remove(std::uint64_t id) {
  const std::lock_guard lock(mutex_);
  for (auto& family : families_) {
    std::erase_if(family.series, [id](const Series& series) { return series.id == id; });
  }
}

std::string Metrics::exposition() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& family : families_) {
    if (family.series.empty()) continue;
    const auto name = family.description.name;
    fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, family.description.help,
                   word_of(family.description.kind));
    for (const auto& series : family.series) {
      if (series.read) {
        append_sample(out, name, series.labels, series.read());
      } else if (series.counter != nullptr) {
        append_sample(out, name, series.labels, series.counter->value());
      } else if (series.gauge != nullptr) {
        append_sample(out, name, series.labels, series.gauge->value());
      } else if (series.histogram != nullptr) {
        append_histogram(out, name, series.labels, *series.histogram);
      }
    }
  }
  return out;
}

}  // namespace lienthong
