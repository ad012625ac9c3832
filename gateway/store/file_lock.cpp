#include "gateway/store/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "gateway/store/error_numbers.h"

namespace lienthong::store {

Result<FileLock> FileLock::take(const std::string& path) {
  const std::string name = path + ".lock";
  const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return fail(Category::Fault, kFileProblem,
                "The lock file " + name + " cannot be made: " + std::generic_category().message(errno) + ".");
  }
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    ::close(file);
    return fail(Category::Conflict, kStoreInUse,
                "The store " + path + " is in use by another process; stop it first or use another path.");
  }
  return FileLock(file);
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FileLock::~FileLock() {
  if (file_ >= 0) ::close(file_);  // the file stays: removing it would race with another's lock
}

}  // namespace lienthong::store
