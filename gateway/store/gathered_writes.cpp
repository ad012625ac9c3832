#include "gateway/store/gathered_writes.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

namespace lienthong::store {
namespace {

// SQLite's VFS for Unix takes fewer than 128 KiB by one call (os_unix.c, seekAndWriteFd).
constexpr std::int64_t kMost = std::int64_t{120} << 10;
constexpr int kWriterLock =
    0;  // WAL_WRITE_LOCK: the first of the locks in the shared memory (walformat.html)

constexpr std::int64_t kWalHeader = 32;

// What was written to the WAL and is not in its file yet: one run of bytes.
class Tail {
 public:
  int write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) noexcept {
    if (synced_) return file->pMethods->xWrite(file, from, amount, offset);
    const bool joins = offset >= start_ && offset <= start_ + size_ && offset - start_ + amount <= kMost;
    if (!joins) {
      if (const int code = flush(file); code != SQLITE_OK) return code;
      if (amount > kMost) return file->pMethods->xWrite(file, from, amount, offset);
      start_ = offset;
    }
    std::memcpy(at(offset), from, static_cast<std::size_t>(amount));
    size_ = std::max<std::int64_t>(size_, offset - start_ + amount);
    return SQLITE_OK;
  }

  int read(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) noexcept {
    if (offset >= start_ && offset + amount <= start_ + size_) {
      std::memcpy(to, at(offset), static_cast<std::size_t>(amount));
      return SQLITE_OK;
    }
    if (const int code = flush(file); code != SQLITE_OK) return code;
    return file->pMethods->xRead(file, to, amount, offset);
  }

  // Keeps what cannot be written: the next call tries, and tells, again.
  int flush(sqlite3_file* file) noexcept {
    if (size_ == 0) return SQLITE_OK;
    const int code = file->pMethods->xWrite(file, bytes_.get(), static_cast<int>(size_), start_);
    if (code != SQLITE_OK) return code;
    written_ = start_ + size_;
    size_ = 0;
    return code;
  }

  int sync(sqlite3_file* file, int flags) noexcept {
    if (const int code = flush(file); code != SQLITE_OK) return code;
    synced_ = written_ > kWalHeader;
    return file->pMethods->xSync(file, flags);
  }

  // The writer's lock was taken or is given back. What is left was not synced: no commit needs it.
  void begin() noexcept {
    size_ = 0;
    written_ = 0;
    synced_ = false;
  }

 private:
  char* at(sqlite3_int64 offset) const noexcept { return bytes_.get() + (offset - start_); }

  const std::unique_ptr<char[]> bytes_{new char[kMost]};
  std::int64_t start_ = 0;
  std::int64_t size_ = 0;
  std::int64_t written_ = 0;  // where the last run ended
  // A commit has been synced: where a disk needs whole sectors, SQLite fills up the last one behind it, and
  // shows these frames too without another sync.
  bool synced_ = false;
};

// The WAL. The other VFS's own structure lies right behind it.
struct WalFile {
  sqlite3_file base;
  Tail* tail;
  sqlite3_file* real() noexcept { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

WalFile& wal_of(sqlite3_file* file) noexcept {
  return *reinterpret_cast<WalFile*>(file);
}

int on_close(sqlite3_file* file) {
  WalFile& self = wal_of(file);
  const int flushed = self.tail->flush(self.real());
  self.tail->begin();
  const int closed = self.real()->pMethods->xClose(self.real());
  return flushed != SQLITE_OK ? flushed : closed;
}
int on_read(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) {
  return wal_of(file).tail->read(wal_of(file).real(), to, amount, offset);
}
int on_write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
  return wal_of(file).tail->write(wal_of(file).real(), from, amount, offset);
}

// Every other call finds in the file what was written before it.
template <class Call>
int after_flush(sqlite3_file* file, Call call) {
  sqlite3_file* const real = wal_of(file).real();
  if (const int code = wal_of(file).tail->flush(real); code != SQLITE_OK) return code;
  return call(real);
}

int on_truncate(sqlite3_file* file, sqlite3_int64 size) {
  return after_flush(file, [=](sqlite3_file* real) { return real->pMethods->xTruncate(real, size); });
}
int on_sync(sqlite3_file* file, int flags) {
  return wal_of(file).tail->sync(wal_of(file).real(), flags);
}
int on_file_size(sqlite3_file* file, sqlite3_int64* size) {
  return after_flush(file, [=](sqlite3_file* real) { return real->pMethods->xFileSize(real, size); });
}
int on_control(sqlite3_file* file, int operation, void* argument) {
  return after_flush(
      file, [=](sqlite3_file* real) { return real->pMethods->xFileControl(real, operation, argument); });
}
int on_lock(sqlite3_file* file, int level) {
  sqlite3_file* const real = wal_of(file).real();
  return real->pMethods->xLock(real, level);
}
int on_unlock(sqlite3_file* file, int level) {
  sqlite3_file* const real = wal_of(file).real();
  return real->pMethods->xUnlock(real, level);
}
int on_check_lock(sqlite3_file* file, int* reserved) {
  sqlite3_file* const real = wal_of(file).real();
  return real->pMethods->xCheckReservedLock(real, reserved);
}
int on_sector_size(sqlite3_file* file) {
  sqlite3_file* const real = wal_of(file).real();
  return real->pMethods->xSectorSize(real);
}
int on_characteristics(sqlite3_file* file) {
  sqlite3_file* const real = wal_of(file).real();
  return real->pMethods->xDeviceCharacteristics(real);
}

// Version 1: a WAL has no shared memory of its own and is not mapped.
constexpr sqlite3_io_methods kWalMethods = {.iVersion = 1,
                                            .xClose = on_close,
                                            .xRead = on_read,
                                            .xWrite = on_write,
                                            .xTruncate = on_truncate,
                                            .xSync = on_sync,
                                            .xFileSize = on_file_size,
                                            .xLock = on_lock,
                                            .xUnlock = on_unlock,
                                            .xCheckReservedLock = on_check_lock,
                                            .xFileControl = on_control,
                                            .xSectorSize = on_sector_size,
                                            .xDeviceCharacteristics = on_characteristics,
                                            .xShmMap = nullptr,
                                            .xShmLock = nullptr,
                                            .xShmBarrier = nullptr,
                                            .xShmUnmap = nullptr,
                                            .xFetch = nullptr,
                                            .xUnfetch = nullptr};

// The methods of the database's file: the other VFS's, but for one. The table comes first, so that the file's
// pointer to it leads here.
struct DatabaseMethods {
  sqlite3_io_methods table;
  const sqlite3_io_methods* real;
  Tail* tail;
};

int on_shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  const auto& methods = *reinterpret_cast<const DatabaseMethods*>(file->pMethods);
  // Another process may write the same place of the WAL as soon as the lock is free.
  if (offset == kWriterLock) methods.tail->begin();
  return methods.real->xShmLock(file, offset, count, flags);
}

std::string next_name() {
  static std::atomic<int> count{0};
  return "lienthong-gathered-" + std::to_string(++count);
}

}  // namespace

// A copy of the other VFS, so that all its functions but xOpen are used as they are. The copy comes first:
// SQLite's pointer to it leads here.
struct GatheredWrites::Vfs {
  sqlite3_vfs base;
  sqlite3_vfs* real;
  DatabaseMethods database;
  Tail tail;

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    auto& self = *reinterpret_cast<Vfs*>(vfs);
    if ((flags & SQLITE_OPEN_WAL) != 0) return self.open_wal(path, file, flags, out_flags);
    const int code = self.real->xOpen(self.real, path, file, flags, out_flags);
    if (code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0) self.watch_locks(*file);
    return code;
  }

  int open_wal(const char* path, sqlite3_file* file, int flags, int* out_flags) {
    auto& wal = *new (file) WalFile{};
    const int code = real->xOpen(real, path, wal.real(), flags, out_flags);
    if (code != SQLITE_OK) return code;
    wal.tail = &tail;
    wal.base.pMethods = &kWalMethods;
    return code;
  }

  void watch_locks(sqlite3_file& file) {
    database = {*file.pMethods, file.pMethods, &tail};
    database.table.xShmLock = on_shm_lock;
    file.pMethods = &database.table;
  }
};

GatheredWrites::GatheredWrites(const std::string& over) : name_(over) {
  sqlite3_vfs* const real = sqlite3_vfs_find(over.empty() ? nullptr : over.c_str());
  if (real == nullptr) return;
  name_ = next_name();
  vfs_.reset(new Vfs{*real, real, {}, {}});
  vfs_->base.szOsFile = static_cast<int>(sizeof(WalFile)) + real->szOsFile;
  vfs_->base.pNext = nullptr;
  vfs_->base.zName = name_.c_str();
  vfs_->base.xOpen = &Vfs::open;
  sqlite3_vfs_register(&vfs_->base, 0);
}

GatheredWrites::~GatheredWrites() {
  if (vfs_ != nullptr) sqlite3_vfs_unregister(&vfs_->base);
}

}  // namespace lienthong::store
