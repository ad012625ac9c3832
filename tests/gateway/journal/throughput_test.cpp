// Figures, by hand: test_gateway_journal "[.figures]" (in a release build with tests). Not part of the suite:
// they depend on the machine.

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>

#include "gateway/journal/duplicates.h"
#include "gateway/journal/in_hand_slots.h"
#include "journal_fixture.h"

using namespace lienthong;
using namespace lienthong::journal;
using namespace lienthong::test;
using std::chrono::steady_clock;

namespace {

double seconds_since(steady_clock::time_point start) {
  return std::chrono::duration<double>(steady_clock::now() - start).count();
}

double cpu_seconds() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

// 1 KB that stands for compressed bytes.
std::string random_kilobyte(std::uint64_t seed) {
  std::string bytes(1'024, '\0');
  for (char& byte : bytes) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    byte = static_cast<char>(seed >> 56);
  }
  return bytes;
}

// What waits for completions as an io thread does: one wake-up a commit.
class Inbox final : public store::CompletionExecutor {
 public:
  void post(std::vector<store::Completed>&& batch) override {
    {
      const std::lock_guard lock(mutex_);
      batches_.push_back(std::move(batch));
    }
    wake_.notify_one();
  }
  void run_one() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return !batches_.empty(); });
    std::vector<store::Completed> batch = std::move(batches_.front());
    batches_.pop_front();
    lock.unlock();
    for (store::Completed& completed : batch) completed();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::vector<store::Completed>> batches_;
};

// `submitters` lock-step senders on one io thread; messages kept a second.
double measure(std::size_t submitters, int messages, bool look_for_duplicates) {
  JournalFixture fixture;
  Inbox inbox;
  const std::string raw = random_kilobyte(7);
  const SystemClock clock;
  int submitted = 0;
  int kept = 0;
  std::function<void()> submit = [&] {
    const int n = submitted++;
    store::Job job;
    job.bytes = raw.size();
    job.executor = &inbox;
    const Instant now = clock.now();
    job.work = [&raw, n, now, look_for_duplicates](store::Transaction& transaction) -> Result<void> {
      const std::string id = std::to_string(10'000'000 + n);
      NewMessage message = message_at(now, id, static_cast<std::uint64_t>(n) * 0x9e3779b97f4a7c15u);
      message.raw = {raw, {}, raw.size()};
      if (look_for_duplicates) {
        const auto seen = find_duplicate(transaction, message.source, id, message.hash, now);
        if (!seen) return forward(seen);
      }
      const auto row = append(transaction, message);
      if (!row) return forward(row);
      return {};
    };
    job.completion = [&](const Result<void>& result) {
      if (result) ++kept;
      if (submitted < messages) submit();
    };
    if (!fixture.store().submit(std::move(job))) std::abort();
  };
  const auto start = steady_clock::now();
  const double cpu = cpu_seconds();
  for (std::size_t i = 0; i < submitters; ++i) submit();
  while (kept < messages) inbox.run_one();
  const double rate = messages / seconds_since(start);
  std::printf("%4zu waiting: %8.0f messages/s, %5.1f us CPU each, %llu commits\n", submitters, rate,
              (cpu_seconds() - cpu) / messages * 1e6,
              static_cast<unsigned long long>(fixture.store().counters().commits));
  CHECK(count_fates(*fixture.reader(), Instant{}, clock.now()).value().at(0).messages ==
        static_cast<std::uint64_t>(messages));
  return rate;
}

double fdatasync_rate(bool overwrite) {
  JournalFixture fixture;
  const int file = ::open(fixture.file("raw").c_str(), O_RDWR | O_CREAT, 0600);
  const std::string page(4'096, 'x');
  int writes = 0;
  const auto start = steady_clock::now();
  while (seconds_since(start) < 1) {
    const off_t at = overwrite ? 0 : static_cast<off_t>(writes) * 4'096;
    REQUIRE(::pwrite(file, page.data(), page.size(), at) == 4'096);
    REQUIRE(::fdatasync(file) == 0);
    ++writes;
  }
  ::close(file);
  return writes / seconds_since(start);
}

}  // namespace

TEST_CASE("figures: messages kept a second", "[.figures]") {
  std::printf("fdatasync: %.0f/s appending, %.0f/s overwriting\n", fdatasync_rate(false),
              fdatasync_rate(true));
  for (int round = 0; round < 3; ++round) {
    measure(1, 5'000, true);
    measure(64, 150'000, true);
    measure(256, 150'000, true);
  }
}

TEST_CASE("figures: compression and slots", "[.figures]") {
  JournalFixture fixture;
  const auto slots = InHandSlots::open(fixture.file("in-hand"), 1).value();
  const std::string raw = random_kilobyte(1);
  auto start = steady_clock::now();
  for (std::uint64_t i = 0; i < 1'000'000; ++i) {
    slots->note(0, kHis, ContentHash{i}, raw);
    slots->clear(0);
  }
  std::printf("note and clear of 1 KB: %.0f ns\n", seconds_since(start) * 1e3);
  Compressor compressor;
  std::string scratch;
  std::size_t size = 0;
  start = steady_clock::now();
  for (int i = 0; i < 100'000; ++i)
    size += compressor.compress(invented_message(i), nullptr, scratch)->bytes.size();
  std::printf("made and compressed without a dictionary: %.2f us, %zu bytes\n", seconds_since(start) * 10,
              size / 100'000);
  CHECK(size > 0);
}
