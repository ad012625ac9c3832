#pragma once
// The writer's connection: one transaction for a group of jobs, a SAVEPOINT for each.

#include <atomic>
#include <cstdint>
#include <memory>

#include "gateway/base/result.h"
#include "gateway/store/transaction.h"

namespace lienthong::store {

// Writer thread only, except wal_pages().
class GroupTransaction final : public Transaction {
 public:
  // What went wrong with the disk since begin(), even if a job ignored it: its results cannot be trusted
  // then.
  enum class Damage : std::uint8_t { None, Full, Failed };

  explicit GroupTransaction(Connection&& connection) noexcept;

  Result<void> begin();  // BEGIN IMMEDIATE; Busy (LT-1205) when another program writes
  Result<void> commit();
  void rollback();
  Result<void> savepoint();
  Result<void> release();
  Result<void> undo();  // back to the savepoint, which ends

  Damage damage() const noexcept { return damage_; }
  const Error& damage_error() const noexcept { return damage_error_; }
  void note_damage(int code);
  // False once SQLite has rolled the whole transaction back by itself (it may after a full disk).
  bool alive() const noexcept;

  // Pages in the WAL after the last commit; any thread.
  std::uint64_t wal_pages() const noexcept { return wal_pages_.load(std::memory_order_relaxed); }
  void set_wal_pages(std::uint64_t pages) noexcept { wal_pages_.store(pages, std::memory_order_relaxed); }

 private:
  int after_step(int code) noexcept override;
  static int on_commit(void* self, sqlite3*, const char*, int pages) noexcept;

  Damage damage_ = Damage::None;
  Error damage_error_;
  std::atomic<std::uint64_t> wal_pages_{0};
};

}  // namespace lienthong::store
