#include "gateway/store/reader.h"

#include <sqlite3.h>

#include <utility>

#include "gateway/store/error_numbers.h"

namespace lienthong::store {
namespace {

const Sql kBegin("BEGIN");
const Sql kFirstRead("SELECT 1 FROM sqlite_schema LIMIT 1");
const Sql kEnd("ROLLBACK");

constexpr int kOperationsBetweenChecks = 5'000;  // of SQLite's machine: below 0.1 ms

}  // namespace

Result<std::unique_ptr<Reader>> Reader::open(const std::string& path, const std::string& vfs,
                                             std::chrono::milliseconds limit) {
  auto connection = Connection::open(path, Mode::ReadOnly, vfs);
  if (!connection) return forward(connection);
  std::unique_ptr<Reader> reader(new Reader(std::move(**connection), limit));
  const Result<void> set = reader->execute("PRAGMA cache_size=-2048; PRAGMA temp_store=MEMORY");
  if (!set) return forward(set);
  return reader;
}

Reader::Reader(Connection&& connection, std::chrono::milliseconds limit)
    : Connection(std::move(connection)), limit_(limit) {
  sqlite3_progress_handler(handle(), kOperationsBetweenChecks, &Reader::on_progress, this);
}

Reader::~Reader() = default;

bool Reader::over_time() const noexcept {
  return deadline_.time_since_epoch().count() != 0 && std::chrono::steady_clock::now() > deadline_;
}

int Reader::on_progress(void* self) {
  return static_cast<Reader*>(self)->over_time() ? 1 : 0;
}

void Reader::before_statement() noexcept {
  if (!in_snapshot_) deadline_ = std::chrono::steady_clock::now() + limit_;
}

int Reader::after_step(int code) noexcept {
  if (code == SQLITE_ROW && over_time()) return SQLITE_INTERRUPT;
  return code;
}

Result<Reader::Snapshot> Reader::snapshot() {
  Result<void> begun = statement(kBegin).run();
  if (!begun) return forward(begun);
  in_snapshot_ = true;
  Snapshot snapshot(this);
  // BEGIN alone fixes nothing: the first read does.
  const Result<void> read = statement(kFirstRead).run();
  if (!read) return forward(read);
  return snapshot;
}

Reader::Snapshot::Snapshot(Snapshot&& other) noexcept : reader_(std::exchange(other.reader_, nullptr)) {}

Reader::Snapshot::~Snapshot() {
  if (reader_ == nullptr) return;
  reader_->in_snapshot_ = false;  // gives the ROLLBACK its own time
  static_cast<void>(reader_->statement(kEnd).run());
}

ReaderPool::ReaderPool(std::string path, std::string vfs, std::size_t most, std::chrono::milliseconds limit)
    : path_(std::move(path)), vfs_(std::move(vfs)), most_(most), limit_(limit) {}

Result<ReaderPool::Lease> ReaderPool::acquire(std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  if (!freed_.wait_for(lock, wait, [this] { return !idle_.empty() || open_ < most_; })) {
    return fail(Category::Busy, kNoReaderFree, "All read connections of the store are in use.");
  }
  if (!idle_.empty()) {
    std::unique_ptr<Reader> reader = std::move(idle_.back());
    idle_.pop_back();
    return Lease(this, std::move(reader));
  }
  ++open_;
  lock.unlock();
  auto reader = Reader::open(path_, vfs_, limit_);
  if (reader) return Lease(this, std::move(*reader));
  lock.lock();
  --open_;
  freed_.notify_one();
  return forward(reader);
}

void ReaderPool::give_back(std::unique_ptr<Reader> reader) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(reader));
  freed_.notify_one();
}

ReaderPool::Lease::~Lease() {
  if (reader_ != nullptr) pool_->give_back(std::move(reader_));
}

}  // namespace lienthong::store
