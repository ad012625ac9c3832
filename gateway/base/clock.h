#pragma once
// Time as an argument: tests use a fixed clock.

#include <atomic>
#include <chrono>
#include <cstdint>

namespace lienthong {

// Microseconds since 1970-01-01T00:00:00Z.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

// Any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const noexcept = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const noexcept override {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
};

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Instant at) : micros_(at.time_since_epoch().count()) {}
  Instant now() const noexcept override { return Instant(std::chrono::microseconds(micros_.load())); }
  void advance(std::chrono::microseconds by) noexcept { micros_ += by.count(); }

 private:
  std::atomic<std::int64_t> micros_;
};

}  // namespace lienthong
