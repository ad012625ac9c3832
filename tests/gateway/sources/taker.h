#pragma once
// A taker whose fates the test decides: it holds every message until the test answers it.

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/intake/take.h"
#include "gateway/net/io_threads.h"

namespace lienthong::sources {

class HeldTaker final : public intake::Taker {
 public:
  explicit HeldTaker(net::IoThreads& threads) : threads_(threads) {}

  void take(unsigned worker, std::string_view message, intake::Completion completion) override {
    const std::lock_guard lock(mutex_);
    messages_.push_back(std::string(message));
    waiting_.push_back({worker, std::move(completion)});
  }
  void take_beginning(unsigned worker, std::string_view beginning, intake::Completion completion) override {
    take(worker, "beginning of " + std::string(beginning), std::move(completion));
  }
  void take_all(unsigned, std::string_view, std::shared_ptr<const void>,
                MoveFunction<void(std::vector<intake::Outcome>)> completion) override {
    completion({});
  }
  void take_file(unsigned, intake::FileTake take) override { take.done({}, {}); }

  std::size_t taken() {
    const std::lock_guard lock(mutex_);
    return messages_.size();
  }
  std::string message(std::size_t i) {
    const std::lock_guard lock(mutex_);
    return messages_.at(i);
  }
  // Gives the fate of message `i` (from 0) on its io thread; `said`: the answer's text.
  void answer(std::size_t i, std::string said, intake::Fate fate = intake::Fate::Stored) {
    const std::lock_guard lock(mutex_);
    auto held = std::move(waiting_.at(i));
    threads_.post(held.worker,
                  [completion = std::move(held.completion), said = std::move(said), fate]() mutable {
                    intake::Outcome outcome;
                    outcome.fate = fate;
                    outcome.answer = std::move(said);
                    completion(std::move(outcome));
                  });
  }

 private:
  struct Held {
    unsigned worker;
    intake::Completion completion;
  };
  net::IoThreads& threads_;
  std::mutex mutex_;
  std::vector<std::string> messages_;
  std::vector<Held> waiting_;
};

}  // namespace lienthong::sources
