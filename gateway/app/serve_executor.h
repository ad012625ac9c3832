#pragma once
// Brings the writer's completions to the io thread that waits for them: one post, one wake-up a commit.

#include <vector>

#include "gateway/net/io_threads.h"
#include "gateway/store/job.h"

namespace lienthong::app {

class IoThreadExecutor final : public store::CompletionExecutor {
 public:
  IoThreadExecutor(net::IoThreads& threads, unsigned io_thread) : threads_(threads), io_thread_(io_thread) {}

  void post(std::vector<store::Completed>&& batch) override {
    threads_.post(io_thread_, [owned = std::move(batch)]() mutable {
      for (auto& completed : owned) completed();
    });
  }

 private:
  net::IoThreads& threads_;
  const unsigned io_thread_;
};

}  // namespace lienthong::app
