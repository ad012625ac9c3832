#include "gateway/base/metrics.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <thread>

#include "gateway/base/metric_table.h"

using namespace lienthong;
using namespace std::chrono_literals;

namespace {

std::string labels_in_words(std::string_view labels) {
  std::string out;
  for (const char c : labels) {
    out += c;
    if (c == ',') out += ' ';
  }
  return out;
}

}  // namespace

TEST_CASE("counters and gauges appear in Prometheus' text format") {
  Metrics metrics;
  metrics.counter(metric::kMessages, {{"source", "his"}, {"fate", "stored"}}).add(3);
  metrics.counter(metric::kMessages, {{"source", "his"}, {"fate", "refused"}}).add();
  metrics.gauge(metric::kWalBytes).set(-1);
  CHECK(metrics.exposition() ==
        "# HELP lienthong_messages_total Messages taken, by fate: stored, repeated, refused, quarantined.\n"
        "# TYPE lienthong_messages_total counter\n"
        "lienthong_messages_total{source=\"his\",fate=\"stored\"} 3\n"
        "lienthong_messages_total{source=\"his\",fate=\"refused\"} 1\n"
        "# HELP lienthong_store_wal_bytes Size of the write-ahead log.\n"
        "# TYPE lienthong_store_wal_bytes gauge\n"
        "lienthong_store_wal_bytes -1\n");
}

TEST_CASE("a histogram's buckets are cumulative, with sum and count in seconds") {
  Metrics metrics;
  auto& histogram = metrics.histogram(metric::kConvertSeconds, {{"source", "his"}});
  histogram.observe(100us);
  histogram.observe(3ms);
  histogram.observe(2min);
  const auto text = metrics.exposition();
  CHECK(text.find("lienthong_convert_seconds_bucket{source=\"his\",le=\"0.0001\"} 1\n") != std::string::npos);
  CHECK(text.find("lienthong_convert_seconds_bucket{source=\"his\",le=\"0.0025\"} 1\n") != std::string::npos);
  CHECK(text.find("lienthong_convert_seconds_bucket{source=\"his\",le=\"0.005\"} 2\n") != std::string::npos);
  CHECK(text.find("lienthong_convert_seconds_bucket{source=\"his\",le=\"60\"} 2\n") != std::string::npos);
  CHECK(text.find("lienthong_convert_seconds_bucket{source=\"his\",le=\"+Inf\"} 3\n") != std::string::npos);
  CHECK(text.find("lienthong_convert_seconds_sum{source=\"his\"} 120.0031\n") != std::string::npos);
  CHECK(text.find("lienthong_convert_seconds_count{source=\"his\"} 3\n") != std::string::npos);
}

TEST_CASE("the same labels give the same counter, and its address never changes") {
  Metrics metrics;
  auto& first = metrics.counter(metric::kDelivered, {{"destination", "d0"}});
  for (int i = 1; i < 1000; ++i)
    metrics.counter(metric::kDelivered, {{"destination", "d" + std::to_string(i)}});
  CHECK(&metrics.counter(metric::kDelivered, {{"destination", "d0"}}) == &first);
}

TEST_CASE("labels or kinds other than described are a broken program") {
  Metrics metrics;
  CHECK_THROWS_AS(metrics.counter(metric::kDelivered), std::logic_error);
  CHECK_THROWS_AS(metrics.counter(metric::kDelivered, {{"patient", "x"}}), std::logic_error);
  CHECK_THROWS_AS(metrics.gauge(metric::kDelivered, {{"destination", "x"}}), std::logic_error);
}

TEST_CASE("a reading is asked at each exposition and ends with its guard") {
  Metrics metrics;
  std::int64_t jobs = 7;
  {
    const auto reading = metrics.read_from(metric::kWriterQueue, {}, [&jobs] { return jobs; });
    CHECK(metrics.exposition().find("lienthong_store_queue_jobs 7\n") != std::string::npos);
    jobs = 8;
    CHECK(metrics.exposition().find("lienthong_store_queue_jobs 8\n") != std::string::npos);
  }
  CHECK(metrics.exposition().empty());
}

TEST_CASE("label values are escaped") {
  Metrics metrics;
  metrics.counter(metric::kDelivered, {{"destination", "a\"b\\c\nd"}}).add();
  CHECK(metrics.exposition().find(R"({destination="a\"b\\c\nd"} 1)") != std::string::npos);
}

TEST_CASE("increments of several threads are all counted") {
  Metrics metrics;
  auto& counter = metrics.counter(metric::kMessageBytes, {{"source", "s"}});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&counter] {
      for (int i = 0; i < 10'000; ++i) counter.add();
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(counter.value() == 40'000);
}

TEST_CASE("metric names are unique and counters end in _total") {
  std::set<std::string_view> names;
  for (const auto& description : metric::kAll) {
    CHECK(names.insert(description.name).second);
    CHECK(description.name.ends_with("_total") == (description.kind == MetricKind::Counter));
  }
}

TEST_CASE("docs/metrics.md lists the table of metrics") {
  std::ifstream in(LIENTHONG_ROOT "/docs/metrics.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  constexpr std::array<std::string_view, 3> kKinds = {"counter", "gauge", "histogram"};
  for (const auto& m : metric::kAll) {
    const auto row = "| `" + std::string(m.name) + "` | " +
                     std::string(kKinds[static_cast<std::size_t>(m.kind)]) + " | " +
                     labels_in_words(m.labels) + " | " + std::string(m.help) + " |";
    INFO("docs/metrics.md lacks: " << row);
    CHECK(page.find(row) != std::string::npos);
  }
}
