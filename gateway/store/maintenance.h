#pragma once
// What the command `lienthong store stats|check|backup|restore|compact` does. All block; not on io or writer
// threads.

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/store/migration.h"

namespace lienthong::store {

struct TableStats {
  std::string name;  // table or index
  std::uint64_t pages = 0;
  std::uint64_t bytes = 0;   // payload
  std::uint64_t unused = 0;  // bytes free inside its pages
};

struct StoreStats {
  std::uint64_t page_size = 0;
  std::uint64_t pages = 0;
  std::uint64_t free_pages = 0;
  std::uint64_t wal_bytes = 0;
  std::vector<TableStats> tables;  // largest first
};

// Reads the whole file once (dbstat). Works while a Store has it open.
Result<StoreStats> store_stats(const std::string& path, const std::string& vfs = "");

// SQLite's integrity check; `quick` leaves out the comparison of indexes with tables. The lines say what is
// wrong (at most 100); none: the file is sound. Works while a Store has it open.
Result<std::vector<std::string>> check_store(const std::string& path, bool quick = false);

// Called between steps with pages done and pages in all.
using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

// Copies the state of one moment to `target` (written beside it, synced, renamed: it is complete or absent).
// Works while a Store has it open; the WAL cannot be emptied meanwhile.
Result<void> backup_store(const std::string& path, const std::string& target, const Progress& progress = {});

// Replaces the store at `path` by `backup`. The backup is checked first: whole (integrity), one of ours,
// schema not newer than `migrations` (the store's own are added). Conflict (LT-1205) while a Store has `path`
// open. A crash leaves the old or the new one.
Result<void> restore_store(const std::string& backup, const std::string& path,
                           std::span<const Migration> migrations);

// Rewrites the file without free space. Conflict (LT-1205) while a Store has it open; needs the file's size
// free.
Result<void> compact_store(const std::string& path);

}  // namespace lienthong::store
