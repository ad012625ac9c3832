#include "gateway/api/read_pool.h"

#include <string>
#include <utility>

#include "gateway/base/named_thread.h"

namespace lienthong::api {

Result<std::unique_ptr<ReadPool>> ReadPool::make(const store::Store& store, unsigned threads) {
  std::unique_ptr<ReadPool> pool(new ReadPool());
  for (unsigned i = 0; i < threads; ++i) {
    auto reader = store.open_reader();
    if (!reader) return forward(reader);
    pool->readers_.push_back(std::move(*reader));
  }
  for (auto& reader : pool->readers_) {
    pool->threads_.push_back(named_thread("lt-read-" + std::to_string(pool->threads_.size()),
                                          [raw = pool.get(), &own = *reader] { raw->run(own); }));
  }
  return pool;
}

ReadPool::~ReadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  added_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool ReadPool::add(Task&& task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || tasks_.size() >= kMostWaiting) return false;
    tasks_.push_back(std::move(task));
  }
  added_.notify_one();
  return true;
}

// What still waits at the end is dropped: its responders answer.
void ReadPool::run(store::Reader& reader) {
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      added_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (stopping_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task(reader);
  }
}

}  // namespace lienthong::api
