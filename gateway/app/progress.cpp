#include "gateway/app/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace lienthong::app {
namespace {

constexpr std::size_t kWidth = 40;

}  // namespace

Progress::Progress(std::uint64_t all) : all_(all), terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void Progress::update(std::uint64_t done) {
  if (!terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  draw(done);
}

void Progress::draw(std::uint64_t done) {
  drawn_ = true;
  if (all_ == 0) {
    std::fputs(fmt::format("\r{}", done).c_str(), stderr);
    return;
  }
  const auto share = std::min(1.0, static_cast<double>(done) / static_cast<double>(all_));
  const auto filled = static_cast<std::size_t>(share * kWidth);
  std::fputs(
      fmt::format("\r[{:=<{}}{: <{}}] {:3.0f} %", "", filled, "", kWidth - filled, share * 100).c_str(),
      stderr);
}

}  // namespace lienthong::app
