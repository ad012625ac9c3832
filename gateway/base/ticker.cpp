#include "gateway/base/ticker.h"

#include <utility>

#include "gateway/base/named_thread.h"

namespace lienthong {

Ticker::Ticker(std::string_view name, std::chrono::microseconds every, std::function<void()> work,
               First first)
    : every_(every), work_(std::move(work)) {
  thread_ = named_thread(name, [this, first] { run(first); });
}

Ticker::~Ticker() {
  stop();
}

void Ticker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Ticker::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Ticker::run(First first) {
  if (first == First::AtOnce && !stopping()) work_();
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, every_, [this] { return stopping_; })) {
    lock.unlock();
    work_();
    lock.lock();
  }
}

}  // namespace lienthong
