#pragma once
// A SQLite VFS over the real one that can lose power, tear pages and fail: kill -9 alone proves nothing about
// fsync, because the kernel still writes what a dead process left.
//
// Model: what was synced stays. Of what was written and not synced, each 512-byte sector on its own is kept
// or lost (disks write sectors whole, pages not). Creation and removal of files count as durable at once.

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>

struct sqlite3_vfs;
struct sqlite3_file;

namespace lienthong::test {

// Any thread. Registered under name() until it ends; all connections through it must be closed before.
class VfsShim {
 public:
  VfsShim();
  ~VfsShim();
  VfsShim(const VfsShim&) = delete;
  VfsShim& operator=(const VfsShim&) = delete;
  const std::string& name() const noexcept { return name_; }

  // Writes, truncations and syncs so far.
  std::uint64_t operations() const;
  // The `ahead`-th operation from now (1 = the next) returns SQLite's `code`; once.
  void fail_at(std::uint64_t ahead, int code);
  // While full, a write that makes a file longer returns SQLITE_FULL.
  void set_full(bool full);
  // The `ahead`-th operation from now and all after it, reads too, return SQLITE_IOERR; nothing reaches the
  // files.
  void cut_power_at(std::uint64_t ahead);
  bool power_is_off() const;
  // After all connections are closed: gives the files the content they have after the loss, and turns power
  // on.
  void restore_after_loss(std::uint32_t seed);

  // For the VFS's own functions.
  struct Tracked {
    std::int64_t durable_size = 0;
    bool resized = false;
    std::map<std::int64_t, std::string> old_sectors;  // by number: content at the last sync
  };
  sqlite3_vfs* real() const noexcept { return real_; }
  int before_operation();
  int before_read() const;
  int before_growth(std::int64_t size_now, std::int64_t size_then) const;
  void opened(const std::string& path, sqlite3_file* real_file);
  void remember(const std::string& path, sqlite3_file* real_file, std::int64_t offset, std::int64_t amount);
  void synced(const std::string& path, sqlite3_file* real_file);

 private:
  void restore(const std::string& path, const Tracked& tracked, std::mt19937& random) const;

  const std::string name_;
  sqlite3_vfs* real_;
  sqlite3_vfs* self_;
  mutable std::mutex mutex_;
  std::map<std::string, Tracked> files_;
  std::uint64_t operations_ = 0;
  std::uint64_t fail_operation_ = 0;
  std::uint64_t cut_operation_ = 0;
  int fail_code_ = 0;
  bool full_ = false;
  bool off_ = false;
};

}  // namespace lienthong::test
