#pragma once
// A bar on a terminal, nothing in a pipe.

#include <chrono>
#include <cstdint>
#include <string_view>

namespace lienthong::app {

// One thread. Draws on standard error at most ten times a second, and takes the bar away at the end.
class Progress {
 public:
  // `all`: what update() counts up to; 0 = not known, then only the count is shown.
  explicit Progress(std::uint64_t all);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::uint64_t done);

 private:
  void draw(std::uint64_t done);

  std::uint64_t all_;
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace lienthong::app
