// bench store: the disk's own rate of fdatasync, and what the store makes of it with one and with many
// messages in hand.

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <semaphore>

#include "gateway/app/bench.h"
#include "gateway/app/bench_folder.h"
#include "gateway/app/problem_numbers.h"
#include "gateway/base/seeded_random.h"
#include "gateway/store/store.h"

namespace lienthong::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kDuration = std::chrono::seconds(2);
constexpr std::size_t kRowBytes = 600;  // a compressed message of about 2 KB

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void print(std::string_view what, unsigned in_hand, std::uint64_t count, double seconds) {
  std::fputs(fmt::format("{{\"bench\":\"store\",\"what\":\"{}\",\"in_hand\":{},\"per_second\":{:.0f}}}\n",
                         what, in_hand, static_cast<double>(count) / seconds)
                 .c_str(),
             stdout);
  std::fflush(stdout);
}

// Appends of 4 KiB, each synced: the most that any durable program can do one after another. False: no such
// file.
bool measure_disk(const std::string& folder) {
  const int descriptor = ::open((folder + "/sync").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return false;
  std::array<char, 4096> block{};
  std::uint64_t count = 0;
  const auto start = Clock::now();
  bool sound = true;
  while (sound && Clock::now() - start < kDuration) {
    sound = ::write(descriptor, block.data(), block.size()) == static_cast<ssize_t>(block.size()) &&
            ::fdatasync(descriptor) == 0;
    ++count;
  }
  const auto seconds = seconds_since(start);
  ::close(descriptor);
  if (sound) print("fdatasync of 4 KiB appended", 1, count, seconds);
  return sound;
}

const store::Sql kInsert{"INSERT INTO bench(content) VALUES(?1)"};

// Rows of random bytes, each durable before its completion; `in_hand` at a time.
Result<void> measure_rows(store::Store& store, unsigned in_hand) {
  std::string content(kRowBytes, '\0');
  SeededRandom random(1, in_hand);
  for (auto& c : content) c = static_cast<char>(random.next());

  std::counting_semaphore<> room(in_hand);
  std::atomic<std::uint64_t> done{0};
  std::atomic<bool> failed{false};
  const auto start = Clock::now();
  while (Clock::now() - start < kDuration && !failed) {
    room.acquire();
    store::Job job;
    job.bytes = content.size();
    job.work = [&content](store::Transaction& transaction) {
      return transaction.run(kInsert, store::Blob{content});
    };
    job.completion = [&](Result<void> result) {
      if (result) ++done;
      if (!result) failed = true;
      room.release();
    };
    if (auto submitted = store.submit(std::move(job)); !submitted) return submitted;
  }
  for (unsigned i = 0; i < in_hand; ++i) room.acquire();
  const auto seconds = seconds_since(start);
  if (failed) return fail(Category::Fault, kCannotWrite, "the store refused a row");
  print("durable rows", in_hand, done, seconds);
  return {};
}

Result<void> measure_store(const std::string& folder) {
  constexpr std::array<store::Migration, 1> kTables = {
      {{"bench", 1, "CREATE TABLE bench(row INTEGER PRIMARY KEY, content BLOB) STRICT"}}};
  store::StoreOptions options;
  options.path = folder + "/bench.db";
  auto opened = store::Store::open(std::move(options), kTables);
  if (!opened) return forward(opened);
  for (const unsigned in_hand : {1u, 16u, 64u, 256u}) {
    if (auto measured = measure_rows(**opened, in_hand); !measured) return measured;
  }
  return {};
}

}  // namespace

int bench_store(const Invocation& call) {
  const auto where = call.text("--folder", ".");
  const BenchFolder folder(where);
  if (folder.path().empty() || !measure_disk(folder.path())) {
    call.say(kCannotWrite, {where, std::strerror(errno)});
    return kCallWrong;
  }
  const auto measured = measure_store(folder.path());
  if (!measured) return call.say(measured.error()), kInputRefused;
  return kAllDone;
}

}  // namespace lienthong::app
