#include "gateway/sources/folder_signal.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace lienthong::sources {
namespace {

void drain(int fd) {
  char bytes[4096];
  while (::read(fd, bytes, sizeof bytes) > 0) {
  }
}

}  // namespace

FolderSignal::FolderSignal() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

void FolderSignal::watch(const std::string& folder) {
  watch_ = net::UniqueFd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  constexpr std::uint32_t kChanges = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ONLYDIR;
  if (watch_ && ::inotify_add_watch(watch_.get(), folder.c_str(), kChanges) < 0) watch_ = net::UniqueFd();
}

void FolderSignal::wait(std::chrono::milliseconds time) {
  pollfd ready[2] = {{event_.get(), POLLIN, 0}, {watch_ ? watch_.get() : -1, POLLIN, 0}};
  constexpr std::chrono::milliseconds kLongest = std::chrono::hours(1);
  ::poll(ready, 2, static_cast<int>(std::min(time, kLongest).count()));
  drain(event_.get());
  if (watch_) drain(watch_.get());
}

void FolderSignal::run_tasks() {
  std::vector<MoveFunction<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  for (auto& task : tasks) task();
}

void FolderSignal::post(MoveFunction<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake();
}

void FolderSignal::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake();
}

bool FolderSignal::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void FolderSignal::wake() {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(event_.get(), &one, sizeof one));
}

}  // namespace lienthong::sources
