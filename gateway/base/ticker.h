#pragma once
// Work that comes round by the clock, on a thread of its own.

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>

namespace lienthong {

// Calls `work` again and again, `every` after it has come back, until stop() or the end of its life. What
// work uses must live as long: as a member, a Ticker stands behind it.
class Ticker {
 public:
  enum class First : bool { AtOnce, AfterOneInterval };

  // `name`: of the thread, as in named_thread().
  Ticker(std::string_view name, std::chrono::microseconds every, std::function<void()> work,
         First first = First::AtOnce);
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

  // Waits for the work in hand; afterwards none comes. Not from within work; more than once is harmless.
  void stop();
  // Whether stop() waits: for long work, which may then come back early. Any thread.
  bool stopping() const;

 private:
  void run(First first);

  const std::chrono::microseconds every_;
  const std::function<void()> work_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace lienthong
