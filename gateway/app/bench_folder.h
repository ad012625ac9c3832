#pragma once
// Where a measurement keeps its files.

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace lienthong::app {

// A folder that is gone when the measurement ends.
class BenchFolder {
 public:
  // `path()` is empty when none can be made in `where`.
  explicit BenchFolder(const std::string& where) {
    path_ = where + "/lienthong-bench-XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~BenchFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

}  // namespace lienthong::app
