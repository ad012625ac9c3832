#pragma once
// What a folder's thread waits for: changes in the folder, tasks, the end, or time.

#include <chrono>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/base/move_function.h"
#include "gateway/net/unique_fd.h"

namespace lienthong::sources {

// wait() and run_tasks() on one thread; the others from any.
class FolderSignal {
 public:
  FolderSignal();

  // Hears of changes where the system tells of them (not on network shares). Replaces an earlier watch.
  void watch(const std::string& folder);
  // Until something happens, at most `time`.
  void wait(std::chrono::milliseconds time);
  void run_tasks();

  void post(MoveFunction<void()> task);
  void stop();
  bool stopping();

 private:
  void wake();

  net::UniqueFd event_, watch_;
  std::mutex mutex_;
  std::vector<MoveFunction<void()>> tasks_;
  bool stopping_ = false;
};

}  // namespace lienthong::sources
