#pragma once
// One source's way in: repeat? convert, prepare, one commit; the fate becomes the answer. The one place that
// knows the order of the steps (docs/architecture.md, "One message's way").

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "gateway/convert/program.h"
#include "gateway/intake/services.h"
#include "gateway/intake/source_rules.h"
#include "gateway/intake/take.h"

namespace lienthong::intake {

class Worker;

// Must live until the io threads have stopped and the store has answered everything.
class SourceIntake final : public Taker {
 public:
  // Makes a converter for each io thread. Errors: Incorrect when the adapter refuses the profile's options.
  static Result<std::unique_ptr<SourceIntake>> make(Services services, SourceRules rules,
                                                    std::shared_ptr<const convert::Program> program);
  ~SourceIntake() override;

  void take(unsigned worker, std::string_view message, Completion completion) override;
  void take_all(unsigned worker, std::string_view bytes,
                MoveFunction<void(std::vector<Outcome>)> completion) override;
  void take_file(unsigned worker, FileTake take) override;

  const SourceRules& rules() const noexcept { return rules_; }
  // When something last came, whatever became of it; the epoch: not since the start. Any thread.
  Instant last_heard() const noexcept {
    return Instant(std::chrono::microseconds(heard_.load(std::memory_order_relaxed)));
  }

 private:
  SourceIntake(Services services, SourceRules rules);

  struct WorkerCounters;
  void note_heard() noexcept;
  void count_problems(const Outcome& outcome) noexcept;

  Services services_;
  SourceRules rules_;
  std::atomic<std::int64_t> heard_{0};  // microseconds
  std::unique_ptr<WorkerCounters> counters_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace lienthong::intake
