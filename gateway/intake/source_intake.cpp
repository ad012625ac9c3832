#include "gateway/intake/source_intake.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

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

// Messages of a file that are larger than the source takes are kept and refused one by one, up to this many
// times their limit; beyond that the file ends there.
constexpr std::size_t kLargestOfMessages = 4;

class BytesInMemory final : public ByteSupply {
 public:
  BytesInMemory(std::string_view bytes, std::shared_ptr<const void> owner)
      : owner_(std::move(owner)), bytes_(bytes), rest_(bytes) {}
  Result<std::size_t> read(char* into, std::size_t space) override {
    const auto size = std::min(space, rest_.size());
    if (size > 0) std::memcpy(into, rest_.data(), size);
    rest_.remove_prefix(size);
    return size;
  }
  bool rewind() override {
    rest_ = bytes_;
    return true;
  }

 private:
  const std::shared_ptr<const void> owner_;
  const std::string_view bytes_;
  std::string_view rest_;
};

bool is_error(const Problem& problem) noexcept {
  return problem.severity >= Severity::Error;
}

// What was said of a body as a whole is an outcome of its own.
void add_notes(std::vector<Outcome>& outcomes, std::vector<Problem> notes) {
  if (notes.empty()) return;
  Outcome outcome;
  outcome.of_whole = true;
  outcome.fate = std::any_of(notes.begin(), notes.end(), is_error) ? Fate::Refused : Fate::Stored;
  outcome.problems = std::move(notes);
  outcomes.push_back(std::move(outcome));
}

}  // namespace

struct SourceIntake::WorkerCounters {
  Worker::Counters counters;
  std::array<Counter*, 4> problems;  // by Severity
};

Result<std::unique_ptr<SourceIntake>> SourceIntake::make(Services services, SourceRules rules,
                                                         std::shared_ptr<const convert::Program> program) {
  std::unique_ptr<SourceIntake> made(new SourceIntake(std::move(services), std::move(rules)));
  made->rules_.settings.references = made->services_.repository == nullptr
                                         ? convert::ReferenceStyle::UrnUuid
                                         : convert::ReferenceStyle::Relative;
  made->counters_ = std::make_unique<WorkerCounters>(
      WorkerCounters{counters_of(made->services_.metrics, made->rules_.settings.name),
                     problem_counters_of(made->services_.metrics, made->rules_.settings.name)});
  if (program != nullptr) {
    if (auto used = made->use(std::move(program)); !used) return forward(used);
  }
  const auto own = made->rules_.own_worker;
  made->workers_.resize(std::max(made->services_.workers, own ? *own + 1 : 0));
  for (unsigned index = 0; index < made->workers_.size(); ++index) {
    if (index >= made->services_.workers && index != own) continue;
    made->workers_[index] = std::make_unique<Worker>(made->services_, made->rules_, made->mapping_, index,
                                                     made->counters_->counters);
  }
  return made;
}

Result<void> SourceIntake::use(std::shared_ptr<const convert::Program> program) {
  // Tried here, where a refusal can still be answered; each worker makes its own with its next message.
  const auto converter = convert::make_converter(program, rules_.settings);
  if (!converter) return forward(converter);
  mapping_.set(std::move(program));
  return {};
}

SourceIntake::SourceIntake(Services services, SourceRules rules)
    : services_(std::move(services)), rules_(std::move(rules)) {}
SourceIntake::~SourceIntake() = default;

void SourceIntake::take(unsigned worker, std::string_view message, Completion completion) {
  note_heard();
  auto& own = *workers_[worker];
  own.take(message, own.reading(), nullptr, counted(std::move(completion)));
}

void SourceIntake::take_beginning(unsigned worker, std::string_view beginning, Completion completion) {
  note_heard();
  auto& own = *workers_[worker];
  own.refuse_beginning(beginning, own.reading(), counted(std::move(completion)));
}

Completion SourceIntake::counted(Completion completion) {
  return [this, done = std::move(completion)](Outcome outcome) mutable {
    count_problems(outcome);
    done(std::move(outcome));
  };
}

void SourceIntake::take_all(unsigned worker, std::string_view bytes, std::shared_ptr<const void> owner,
                            MoveFunction<void(std::vector<Outcome>)> completion) {
  auto outcomes = std::make_shared<std::vector<Outcome>>();
  FileTake take;
  take.bytes = std::make_unique<BytesInMemory>(bytes, std::move(owner));
  take.each = [outcomes](std::size_t index, Outcome outcome) {
    if (outcomes->size() <= index) outcomes->resize(index + 1);
    (*outcomes)[index] = std::move(outcome);
  };
  take.done = [outcomes, done = std::move(completion)](Result<void>, std::vector<Problem> notes) mutable {
    add_notes(*outcomes, std::move(notes));
    done(std::move(*outcomes));
  };
  take_file(worker, std::move(take));
}

void SourceIntake::take_file(unsigned worker, FileTake take) {
  note_heard();
  take.each = [this, each = std::move(take.each)](std::size_t index, Outcome outcome) mutable {
    count_problems(outcome);
    each(index, std::move(outcome));
  };
  const auto& reading = workers_[worker]->reading();
  if (reading.converter == nullptr) {
    take.each(take.skip, Worker::no_mapping(rules_.settings.name));
    return take.done({}, {});
  }
  std::make_shared<BodyTake>(*workers_[worker], reading, std::move(take),
                             kLargestOfMessages * rules_.max_message)
      ->start();
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
