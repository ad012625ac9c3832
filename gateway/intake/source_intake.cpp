#include "gateway/intake/source_intake.h"

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

}  // namespace

struct SourceIntake::WorkerCounters {
  Worker::Counters counters;
};

Result<std::unique_ptr<SourceIntake>> SourceIntake::make(Services services, SourceRules rules,
                                                         std::shared_ptr<const convert::Program> program) {
  std::unique_ptr<SourceIntake> made(new SourceIntake(std::move(services), std::move(rules)));
  auto settings = made->rules_.settings;
  settings.references = made->services_.repository == nullptr ? convert::ReferenceStyle::UrnUuid
                                                              : convert::ReferenceStyle::Relative;
  const auto profile = program->profile().name + " " + program->profile().version;
  made->counters_ = std::make_unique<WorkerCounters>(
      WorkerCounters{counters_of(made->services_.metrics, made->rules_.settings.name)});
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
  workers_[worker]->take(message, nullptr, std::move(completion));
}

void SourceIntake::take_all(unsigned worker, std::string_view bytes,
                            MoveFunction<void(std::vector<Outcome>)> completion) {
  auto body = std::make_shared<BodyTake>(*workers_[worker], bytes, std::move(completion));
  body->start();
}

}  // namespace lienthong::intake
