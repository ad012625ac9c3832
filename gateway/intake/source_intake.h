#pragma once
// One source's way in: repeat? convert, prepare, one commit; the fate becomes the answer. The one place that
// knows the order of the steps (docs/architecture.md, "One message's way").

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

  const SourceRules& rules() const noexcept { return rules_; }

 private:
  SourceIntake(Services services, SourceRules rules);

  struct WorkerCounters;

  Services services_;
  SourceRules rules_;
  std::unique_ptr<WorkerCounters> counters_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace lienthong::intake
