#include "gateway/intake/source_intake.h"

#include <array>
#include <utility>

#include "gateway/base/bytes.h"
#include "gateway/base/metric_table.h"
#include "gateway/intake/body_take.h"
#include "gateway/intake/worker.h"

namespace lienthong::intake {
namespace {

Worker::Counters counters_of(Metrics& metrics, const std::string& source) {
  auto fate = [&](std::string_view name) -> Counter& {
    return metrics.counter(metric::kMessages, {{"source", source}, {"fate", name}});
  };
  return {fate("stored"),
          fate("repeated"),
          fate("refused"),
          fate("quarantined"),
          metrics.counter(metric::kMessageBytes, {{"source", source}}),
          metrics.histogram(metric::kConvertSeconds, {{"source", source}}),
          metrics.histogram(metric::kAckSeconds, {{"source", source}})};
}

std::array<Counter*, 4> problem_counters_of(Metrics& metrics, const std::string& source) {
  std::array<Counter*, 4> counters{};
  for (const auto severity : {Severity::Information, Severity::Warning, Severity::Error, Severity::Fatal}) {
    counters[static_cast<std::size_t>(severity)] =
        &metrics.counter(metric::kProblems, {{"source", source}, {"severity", name_of(severity)}});
  }
  return counters;
}

}  // namespace

struct SourceIntake::WorkerCounters {
  Worker::Counters counters;
  std::array<Counter*, 4> problems;  // by Severity
};

Result<std::unique_ptr<SourceIntake>> SourceIntake::make(Services services, SourceRules rules,
                                                         std::shared_ptr<const convert::Program> program) {
  std::unique_ptr<SourceIntake> made(new SourceIntake(std::move(services), std::move(rules)));
  auto settings = made->rules_.settings;
  settings.references = made->services_.repository == nullptr ? convert::ReferenceStyle::UrnUuid
                                                              : convert::ReferenceStyle::Relative;
  const auto profile = program->profile().name + " " + program->profile().version;
  made->counters_ = std::make_unique<WorkerCounters>(
      WorkerCounters{counters_of(made->services_.metrics, made->rules_.settings.name),
                     problem_counters_of(made->services_.metrics, made->rules_.settings.name)});
  for (unsigned index = 0; index < made->services_.workers; ++index) {
    auto converter = convert::make_converter(program, settings);
    if (!converter) return forward(converter);
    made->workers_.push_back(std::make_unique<Worker>(made->services_, made->rules_, profile, index,
                                                      std::move(*converter), made->counters_->counters));
  }
  return made;
}

SourceIntake::SourceIntake(Services services, SourceRules rules)
    : services_(std::move(services)), rules_(std::move(rules)) {}
SourceIntake::~SourceIntake() = default;

void SourceIntake::take(unsigned worker, std::string_view message, Completion completion) {
  note_heard();
  workers_[worker]->take(message, nullptr, [this, done = std::move(completion)](Outcome outcome) mutable {
    count_problems(outcome);
    done(std::move(outcome));
  });
}

void SourceIntake::take_all(unsigned worker, std::string_view bytes,
                            MoveFunction<void(std::vector<Outcome>)> completion) {
  note_heard();
  auto counted = [this, done = std::move(completion)](std::vector<Outcome> outcomes) mutable {
    for (const auto& outcome : outcomes) count_problems(outcome);
    done(std::move(outcomes));
  };
  auto body = std::make_shared<BodyTake>(*workers_[worker], bytes, std::move(counted));
  body->start();
}

void SourceIntake::note_heard() noexcept {
  heard_.store(services_.clock.now().time_since_epoch().count(), std::memory_order_relaxed);
}

// Of what was kept; a repeat's problems were counted the first time.
void SourceIntake::count_problems(const Outcome& outcome) noexcept {
  if (outcome.duplicate || outcome.fate == Fate::Busy) return;
  for (const auto& problem : outcome.problems)
    counters_->problems[static_cast<std::size_t>(problem.severity)]->add();
}

}  // namespace lienthong::intake
