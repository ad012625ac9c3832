#pragma once
// One source's way in: repeat? convert, prepare, one commit; the fate becomes the answer. The one place that
// knows the order of the steps (docs/architecture.md, "One message's way").

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "gateway/convert/program.h"
#include "gateway/intake/current_mapping.h"
#include "gateway/intake/services.h"
#include "gateway/intake/source_rules.h"
#include "gateway/intake/take.h"

namespace lienthong::intake {

class Worker;

// Must live until the io threads have stopped and the store has answered everything.
class SourceIntake final : public Taker {
 public:
  // Makes a converter for each io thread. Errors: Incorrect when the adapter refuses the profile's options.
  // Without a program (its mapping is wrong) nothing is taken: every message is answered Busy, so that its
  // sender keeps it, until use() gives one.
  static Result<std::unique_ptr<SourceIntake>> make(Services services, SourceRules rules,
                                                    std::shared_ptr<const convert::Program> program);
  ~SourceIntake() override;

  void take(unsigned worker, std::string_view message, Completion completion) override;
  void take_beginning(unsigned worker, std::string_view beginning, Completion completion) override;
  void take_all(unsigned worker, std::string_view bytes, std::shared_ptr<const void> owner,
                MoveFunction<void(std::vector<Outcome>)> completion) override;
  void take_file(unsigned worker, FileTake take) override;

  // From the next message on, this mapping; what is in hand ends with the one before. Any thread. Errors: as
  // make(); then the one before stays.
  Result<void> use(std::shared_ptr<const convert::Program> program);
  // Null while there is none. Any thread.
  std::shared_ptr<const convert::Program> program() const { return mapping_.current().program; }

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
  // The same completion, which counts the problems on its way.
  Completion counted(Completion completion);

  Services services_;
  SourceRules rules_;
  CurrentMapping mapping_;
  std::atomic<std::int64_t> heard_{0};  // microseconds
  std::unique_ptr<WorkerCounters> counters_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace lienthong::intake
