#pragma once
// Notices that somebody has changed the files of the mappings.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace lienthong::app {

// Looks at names, sizes and times of all files of a folder, on a thread of its own. Calls when they differ
// from before and have stayed the same for one look: nobody is in the middle of copying.
class MappingWatch {
 public:
  // Notes what the folder looks like now: to be made before the mappings are read, so that no change falls
  // between the two.
  MappingWatch(std::string folder, std::chrono::milliseconds every, std::function<void()> changed);
  ~MappingWatch();
  MappingWatch(const MappingWatch&) = delete;
  MappingWatch& operator=(const MappingWatch&) = delete;

  // From now on `changed` is called, on the watch's thread. Once.
  void start();

 private:
  void run();

  const std::string folder_;
  const std::chrono::milliseconds every_;
  const std::function<void()> changed_;
  std::string known_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace lienthong::app
