#pragma once
// Notices that somebody has changed the files of the mappings.

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "gateway/base/ticker.h"

namespace lienthong::app {

// Looks at names, sizes and times of all files of a folder, on a thread of its own. Calls when they differ
// from before and have stayed the same for one look: nobody is in the middle of copying.
class MappingWatch {
 public:
  // Notes what the folder looks like now: to be made before the mappings are read, so that no change falls
  // between the two.
  MappingWatch(std::string folder, std::chrono::milliseconds every, std::function<void()> changed);

  // From now on `changed` is called, on the watch's thread. Once.
  void start();

 private:
  void look();

  const std::string folder_;
  const std::chrono::milliseconds every_;
  const std::function<void()> changed_;
  std::string known_, last_;
  std::optional<Ticker> ticker_;
};

}  // namespace lienthong::app
