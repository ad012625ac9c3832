#pragma once
// Read-only connections: each belongs to one thread at a time and has its own statements.

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/store/connection.h"

namespace lienthong::store {

// A read-only connection. Outside a Snapshot every statement sees the newest commit when it starts. A
// snapshot, or a statement outside one, that lives longer than the limit (5 s by default: an old snapshot
// keeps the WAL from being emptied) fails with Interrupted (LT-1211).
class Reader final : public Connection {
 public:
  static Result<std::unique_ptr<Reader>> open(const std::string& path, const std::string& vfs = "",
                                              std::chrono::milliseconds limit = std::chrono::seconds(5));
  ~Reader() override;

  // All statements during its life see one state of the database. Do not nest.
  class Snapshot {
   public:
    Snapshot(Snapshot&& other) noexcept;
    Snapshot& operator=(Snapshot&&) = delete;
    ~Snapshot();

   private:
    friend class Reader;
    explicit Snapshot(Reader* reader) noexcept : reader_(reader) {}
    Reader* reader_;
  };
  // Statements of this reader must have ended before the Snapshot does.
  Result<Snapshot> snapshot();

 private:
  Reader(Connection&& connection, std::chrono::milliseconds limit);
  static int on_progress(void* self);
  bool over_time() const noexcept;
  void before_statement() noexcept override;
  int after_step(int code) noexcept override;

  std::chrono::milliseconds limit_;
  std::chrono::steady_clock::time_point deadline_{};
  bool in_snapshot_ = false;
};

// Readers for threads that read now and then. Any thread.
class ReaderPool {
 public:
  ReaderPool(std::string path, std::string vfs, std::size_t most, std::chrono::milliseconds limit);

  // A reader on loan; goes back to the pool at its end.
  class Lease {
   public:
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Reader& operator*() const noexcept { return *reader_; }
    Reader* operator->() const noexcept { return reader_.get(); }

   private:
    friend class ReaderPool;
    Lease(ReaderPool* pool, std::unique_ptr<Reader> reader) noexcept
        : pool_(pool), reader_(std::move(reader)) {}
    ReaderPool* pool_;
    std::unique_ptr<Reader> reader_;
  };
  // Waits at most `wait` for a free one; then Busy (LT-1214). The pool must outlive the lease.
  Result<Lease> acquire(std::chrono::milliseconds wait = std::chrono::milliseconds(1000));

 private:
  void give_back(std::unique_ptr<Reader> reader);

  const std::string path_;
  const std::string vfs_;
  const std::size_t most_;
  const std::chrono::milliseconds limit_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<Reader>> idle_;
  std::size_t open_ = 0;
};

}  // namespace lienthong::store
