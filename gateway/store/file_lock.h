#pragma once
// Keeps two programs from opening one store: an advisory lock on a file beside it, given up when the process
// ends.

#include <string>

#include "gateway/base/result.h"

namespace lienthong::store {

// Movable. Any thread.
class FileLock {
 public:
  // Locks `path` + ".lock". Conflict (LT-1205) when another holds it; Fault (LT-1213) when it cannot be made.
  static Result<FileLock> take(const std::string& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int file) noexcept : file_(file) {}
  int file_;
};

}  // namespace lienthong::store
