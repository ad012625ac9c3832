#include "gateway/store/store.h"

#include <sqlite3.h>

#include <future>
#include <mutex>
#include <utility>

#include "gateway/store/error_numbers.h"
#include "gateway/store/file_lock.h"
#include "gateway/store/gathered_writes.h"
#include "gateway/store/setup.h"
#include "gateway/store/writer.h"

namespace lienthong::store {

namespace {

// SQLite counts its memory under one lock for all threads; nobody reads the count. Only before its first use
// in the process, else it stays as it is.
void configure_sqlite() {
  static std::once_flag once;
  std::call_once(once, [] { static_cast<void>(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0)); });
}

}  // namespace

class Store::Impl {
 public:
  Impl(StoreOptions given, FileLock lock, std::unique_ptr<GatheredWrites> gathered,
       std::unique_ptr<Connection> writing, std::unique_ptr<Connection> side, const Uuid& installation)
      : options_(std::move(given)),
        lock_(std::move(lock)),
        gathered_(std::move(gathered)),
        installation_(installation),
        writer_(options_, std::make_unique<GroupTransaction>(std::move(*writing)), std::move(side)),
        readers_(options_.path, options_.vfs, options_.readers, options_.snapshot_limit) {}

  const StoreOptions options_;
  const FileLock lock_;
  const std::unique_ptr<GatheredWrites> gathered_;  // ends after the writer's connection
  const Uuid installation_;
  Writer writer_;
  ReaderPool readers_;  // closed first: the last connection to close empties the WAL, which a reader cannot
};

Result<std::unique_ptr<Store>> Store::open(StoreOptions options, std::span<const Migration> migrations) {
  configure_sqlite();
  Result<FileLock> lock = FileLock::take(options.path);
  if (!lock) return forward(lock);
  auto gathered = std::make_unique<GatheredWrites>(options.vfs);
  auto writing = open_for_writing(options.path, gathered->name(), migrations);
  if (!writing) return forward(writing);
  const std::string sizes = "PRAGMA cache_size=-" + std::to_string(options.cache_kib) +
                            "; PRAGMA journal_size_limit=" + std::to_string(options.wal_limit_bytes);
  if (const Result<void> set = (*writing)->execute(sizes.c_str()); !set) return forward(set);
  const Result<Uuid> installation = installation_id(**writing);
  if (!installation) return forward(installation);
  auto side = Connection::open(options.path, Connection::Mode::ReadWrite, options.vfs);
  if (!side) return forward(side);
  if (const Result<void> set = set_durable(**side); !set) return forward(set);
  return std::unique_ptr<Store>(
      new Store(std::make_unique<Impl>(std::move(options), std::move(*lock), std::move(gathered),
                                       std::move(*writing), std::move(*side), *installation)));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Store::~Store() {
  stop();
}

Result<void> Store::submit(Job&& job) {
  return impl_->writer_.submit(std::move(job));
}

void Store::begin_turn() noexcept {
  impl_->writer_.queue().begin_turn();
}
void Store::end_turn() {
  impl_->writer_.end_turn();
}

Result<void> Store::submit_and_wait(Work work) {
  std::promise<Result<void>> promise;
  std::future<Result<void>> fate = promise.get_future();
  Job job;
  job.work = std::move(work);
  // The promise goes with the job: here it could end while the writer is still setting it.
  job.completion = [told = std::move(promise)](Result<void> result) mutable {
    told.set_value(std::move(result));
  };
  if (Result<void> taken = submit(std::move(job)); !taken) return taken;
  return fate.get();
}

std::size_t Store::queue_depth() const noexcept {
  return impl_->writer_.queue().depth();
}
std::size_t Store::queue_bytes() const noexcept {
  return impl_->writer_.queue().bytes();
}
StoreState Store::state() const noexcept {
  return impl_->writer_.state();
}
StoreCounters Store::counters() const noexcept {
  return impl_->writer_.counters();
}
void Store::add_hook(BatchHook* hook) {
  impl_->writer_.add_hook(hook);
}

Result<std::unique_ptr<Reader>> Store::open_reader() const {
  const StoreOptions& options = impl_->options_;
  return Reader::open(options.path, options.vfs, options.snapshot_limit);
}

ReaderPool& Store::readers() noexcept {
  return impl_->readers_;
}
const Uuid& Store::installation() const noexcept {
  return impl_->installation_;
}
const StoreOptions& Store::options() const noexcept {
  return impl_->options_;
}
void Store::stop() {
  impl_->writer_.stop();
}

}  // namespace lienthong::store
