#pragma once
// The mapping that a source converts with, which may be replaced while messages flow.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "gateway/convert/program.h"

namespace lienthong::intake {

// Any thread. Readers compare the generation, which costs nothing, and take the program only when it is new.
class CurrentMapping {
 public:
  struct State {
    std::shared_ptr<const convert::Program> program;  // null: none can be used
    std::uint64_t generation = 0;
  };

  std::uint64_t generation() const noexcept { return generation_.load(std::memory_order_acquire); }

  State current() const {
    const std::lock_guard lock(mutex_);
    return {program_, generation_.load(std::memory_order_relaxed)};
  }

  void set(std::shared_ptr<const convert::Program> program) {
    const std::lock_guard lock(mutex_);
    program_ = std::move(program);
    generation_.fetch_add(1, std::memory_order_release);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const convert::Program> program_;
  std::atomic<std::uint64_t> generation_{0};
};

}  // namespace lienthong::intake
