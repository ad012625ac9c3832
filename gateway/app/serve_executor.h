#pragma once
// Brings the writer's completions to the io thread that waits for them: one post, one wake-up a commit.

#include <vector>

#include "gateway/net/io_threads.h"
#include "gateway/sources/folder_source.h"
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

// The same for a watched folder's thread. Made before its source: nothing is submitted until that has
// started.
class FolderExecutor final : public store::CompletionExecutor {
 public:
  void serve(sources::FolderSource& source) noexcept { source_ = &source; }

  void post(std::vector<store::Completed>&& batch) override {
    source_->post([owned = std::move(batch)]() mutable {
      for (auto& completed : owned) completed();
    });
  }

 private:
  sources::FolderSource* source_ = nullptr;
};

}  // namespace lienthong::app
