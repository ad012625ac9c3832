#include "vfs_shim.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <new>

namespace lienthong::test {
namespace {

constexpr std::int64_t kSector = 512;

// One open file. The real VFS's own structure lies right behind it.
struct ShimFile {
  sqlite3_file base;
  VfsShim* shim;
  const char* path;  // SQLite keeps it until xClose; nullptr: not tracked (temporary files)
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

ShimFile& shim_of(sqlite3_file* file) {
  return *reinterpret_cast<ShimFile*>(file);
}
VfsShim& shim_of(sqlite3_vfs* vfs) {
  return *static_cast<VfsShim*>(vfs->pAppData);
}

int on_close(sqlite3_file* file) {
  sqlite3_file* real = shim_of(file).real();
  return real->pMethods->xClose(real);
}

int on_read(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) {
  ShimFile& self = shim_of(file);
  if (const int code = self.shim->before_read(); code != SQLITE_OK) return code;
  return self.real()->pMethods->xRead(self.real(), to, amount, offset);
}

int on_write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
  ShimFile& self = shim_of(file);
  sqlite3_file* real = self.real();
  if (self.path == nullptr) return real->pMethods->xWrite(real, from, amount, offset);
  if (const int code = self.shim->before_operation(); code != SQLITE_OK) return code;
  sqlite3_int64 size = 0;
  real->pMethods->xFileSize(real, &size);
  if (const int code = self.shim->before_growth(size, offset + amount); code != SQLITE_OK) return code;
  self.shim->remember(self.path, real, offset, amount);
  return real->pMethods->xWrite(real, from, amount, offset);
}

int on_truncate(sqlite3_file* file, sqlite3_int64 size) {
  ShimFile& self = shim_of(file);
  sqlite3_file* real = self.real();
  if (self.path == nullptr) return real->pMethods->xTruncate(real, size);
  if (const int code = self.shim->before_operation(); code != SQLITE_OK) return code;
  sqlite3_int64 now = 0;
  real->pMethods->xFileSize(real, &now);
  if (now > size) self.shim->remember(self.path, real, size, now - size);
  return real->pMethods->xTruncate(real, size);
}

int on_sync(sqlite3_file* file, int flags) {
  ShimFile& self = shim_of(file);
  sqlite3_file* real = self.real();
  if (self.path == nullptr) return SQLITE_OK;
  if (const int code = self.shim->before_operation(); code != SQLITE_OK) return code;
  static_cast<void>(flags);  // the real sync would only cost time: the model decides what is durable
  self.shim->synced(self.path, real);
  return SQLITE_OK;
}

int on_file_size(sqlite3_file* file, sqlite3_int64* size) {
  sqlite3_file* real = shim_of(file).real();
  return real->pMethods->xFileSize(real, size);
}
int on_lock(sqlite3_file* file, int level) {
  sqlite3_file* real = shim_of(file).real();
  return real->pMethods->xLock(real, level);
}
int on_unlock(sqlite3_file* file, int level) {
  sqlite3_file* real = shim_of(file).real();
  return real->pMethods->xUnlock(real, level);
}
int on_check_lock(sqlite3_file* file, int* reserved) {
  sqlite3_file* real = shim_of(file).real();
  return real->pMethods->xCheckReservedLock(real, reserved);
}
int on_control(sqlite3_file* file, int operation, void* argument) {
  // SIZE_HINT and CHUNK_SIZE would change the file behind the model's back.
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_NOTFOUND;
  sqlite3_file* real = shim_of(file).real();
  return real->pMethods->xFileControl(real, operation, argument);
}
int on_sector_size(sqlite3_file*) {
  return static_cast<int>(kSector);
}
int on_characteristics(sqlite3_file*) {
  return 0;
}  // no atomic writes, no safe append: the worst disk
int on_shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** map) {
  sqlite3_file* real = shim_of(file).real();
  return real->pMethods->xShmMap(real, page, size, extend, map);
}
int on_shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  sqlite3_file* real = shim_of(file).real();
  return real->pMethods->xShmLock(real, offset, n, flags);
}
void on_shm_barrier(sqlite3_file* file) {
  sqlite3_file* real = shim_of(file).real();
  real->pMethods->xShmBarrier(real);
}
int on_shm_unmap(sqlite3_file* file, int remove) {
  sqlite3_file* real = shim_of(file).real();
  return real->pMethods->xShmUnmap(real, remove);
}

const sqlite3_io_methods kMethods = {2,
                                     on_close,
                                     on_read,
                                     on_write,
                                     on_truncate,
                                     on_sync,
                                     on_file_size,
                                     on_lock,
                                     on_unlock,
                                     on_check_lock,
                                     on_control,
                                     on_sector_size,
                                     on_characteristics,
                                     on_shm_map,
                                     on_shm_lock,
                                     on_shm_barrier,
                                     on_shm_unmap,
                                     nullptr,
                                     nullptr};

int on_open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  VfsShim& shim = shim_of(vfs);
  auto& self = *new (file) ShimFile{};
  const bool tracked = path != nullptr && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0;
  self.shim = &shim;
  self.path = tracked ? path : nullptr;
  const int code = shim.real()->xOpen(shim.real(), path, self.real(), flags, out_flags);
  if (code != SQLITE_OK) return code;
  self.base.pMethods = &kMethods;
  if (tracked) shim.opened(path, self.real());
  return SQLITE_OK;
}

int on_delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  VfsShim& shim = shim_of(vfs);
  if (shim.before_read() != SQLITE_OK) return SQLITE_IOERR_DELETE;
  return shim.real()->xDelete(shim.real(), path, sync_folder);
}

std::string next_name() {
  static std::atomic<int> count{0};
  return "shim" + std::to_string(++count);
}

}  // namespace

VfsShim::VfsShim() : name_(next_name()), real_(sqlite3_vfs_find(nullptr)), self_(new sqlite3_vfs(*real_)) {
  self_->szOsFile = static_cast<int>(sizeof(ShimFile)) + real_->szOsFile;
  self_->pNext = nullptr;
  self_->zName = name_.c_str();
  self_->pAppData = this;
  self_->xOpen = on_open;
  self_->xDelete = on_delete;
  self_->xAccess = [](sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    sqlite3_vfs* real = shim_of(vfs).real();
    return real->xAccess(real, path, flags, out);
  };
  self_->xFullPathname = [](sqlite3_vfs* vfs, const char* path, int size, char* out) {
    sqlite3_vfs* real = shim_of(vfs).real();
    return real->xFullPathname(real, path, size, out);
  };
  sqlite3_vfs_register(self_, 0);
}

VfsShim::~VfsShim() {
  sqlite3_vfs_unregister(self_);
  delete self_;
}

std::uint64_t VfsShim::operations() const {
  const std::lock_guard lock(mutex_);
  return operations_;
}

void VfsShim::fail_at(std::uint64_t ahead, int code) {
  const std::lock_guard lock(mutex_);
  fail_operation_ = operations_ + ahead;
  fail_code_ = code;
}

void VfsShim::set_full(bool full) {
  const std::lock_guard lock(mutex_);
  full_ = full;
}

void VfsShim::cut_power_at(std::uint64_t ahead) {
  const std::lock_guard lock(mutex_);
  cut_operation_ = operations_ + ahead;
}

bool VfsShim::power_is_off() const {
  const std::lock_guard lock(mutex_);
  return off_;
}

int VfsShim::before_operation() {
  const std::lock_guard lock(mutex_);
  ++operations_;
  if (operations_ == cut_operation_) off_ = true;
  if (off_) return SQLITE_IOERR;
  if (operations_ == fail_operation_) return fail_code_;
  return SQLITE_OK;
}

int VfsShim::before_read() const {
  const std::lock_guard lock(mutex_);
  return off_ ? SQLITE_IOERR : SQLITE_OK;
}

int VfsShim::before_growth(std::int64_t size_now, std::int64_t size_then) const {
  const std::lock_guard lock(mutex_);
  return full_ && size_then > size_now ? SQLITE_FULL : SQLITE_OK;
}

void VfsShim::opened(const std::string& path, sqlite3_file* real_file) {
  const std::lock_guard lock(mutex_);
  const auto [entry, added] = files_.try_emplace(path);
  if (added)
    real_file->pMethods->xFileSize(real_file, reinterpret_cast<sqlite3_int64*>(&entry->second.durable_size));
}

void VfsShim::remember(const std::string& path, sqlite3_file* real_file, std::int64_t offset,
                       std::int64_t amount) {
  const std::lock_guard lock(mutex_);
  Tracked& tracked = files_[path];
  tracked.resized = true;
  for (std::int64_t sector = offset / kSector; sector * kSector < offset + amount; ++sector) {
    const auto [entry, added] = tracked.old_sectors.try_emplace(sector);
    if (!added || sector * kSector >= tracked.durable_size) continue;
    entry->second.assign(kSector, '\0');
    real_file->pMethods->xRead(real_file, entry->second.data(), kSector, sector * kSector);
  }
}

void VfsShim::synced(const std::string& path, sqlite3_file* real_file) {
  const std::lock_guard lock(mutex_);
  Tracked& tracked = files_[path];
  tracked.old_sectors.clear();
  tracked.resized = false;
  real_file->pMethods->xFileSize(real_file, reinterpret_cast<sqlite3_int64*>(&tracked.durable_size));
}

void VfsShim::restore(const std::string& path, const Tracked& tracked, std::mt19937& random) const {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return;  // removed by SQLite
  std::int64_t size = tracked.durable_size;
  const auto size_now = static_cast<std::int64_t>(std::filesystem::file_size(path));
  for (const auto& [sector, old] : tracked.old_sectors) {
    const bool was_there = sector * kSector < tracked.durable_size;
    const bool is_there = sector * kSector < size_now;
    if (is_there && random() % 2 == 0) {  // this sector made it to the disk
      size = std::max(size, std::min(size_now, (sector + 1) * kSector));
      continue;
    }
    const std::string content = was_there ? old : std::string(kSector, '\0');
    static_cast<void>(!::pwrite(file, content.data(), content.size(), sector * kSector));
  }
  static_cast<void>(!::ftruncate(file, size));
  ::close(file);
}

void VfsShim::restore_after_loss(std::uint32_t seed) {
  const std::lock_guard lock(mutex_);
  std::mt19937 random(seed);
  for (const auto& [path, tracked] : files_) {
    if (tracked.resized) restore(path, tracked, random);
    std::filesystem::remove(path + "-shm");
  }
  files_.clear();
  cut_operation_ = 0;
  off_ = false;
}

}  // namespace lienthong::test
