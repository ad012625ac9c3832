#pragma once
// Threads for what reads the database longer than a row: searches and histories never run on an io thread.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gateway/base/move_function.h"
#include "gateway/base/result.h"
#include "gateway/store/store.h"

namespace lienthong::api {

// Any thread may add. Each thread has a reader of its own.
class ReadPool {
 public:
  using Task = MoveFunction<void(store::Reader&)>;
  static constexpr std::size_t kMostWaiting = 1000;

  // Errors: as Store::open_reader.
  static Result<std::unique_ptr<ReadPool>> make(const store::Store& store, unsigned threads);
  ~ReadPool();

  // False when too many wait: answer 503.
  bool add(Task&& task);

 private:
  ReadPool() = default;
  void run(store::Reader& reader);

  std::mutex mutex_;
  std::condition_variable added_;
  std::deque<Task> tasks_;
  bool stopping_ = false;
  std::vector<std::unique_ptr<store::Reader>> readers_;
  std::vector<std::thread> threads_;
};

}  // namespace lienthong::api
