#include "gateway/intake/body_take.h"

#include <iterator>
#include <utility>

namespace lienthong::intake {
namespace {

void append_problems(Outcome& outcome, std::vector<Problem>&& more) {
  outcome.problems.insert(outcome.problems.end(), std::make_move_iterator(more.begin()),
                          std::make_move_iterator(more.end()));
}

}  // namespace

BodyTake::BodyTake(Worker& worker, std::string_view bytes, Done done)
    : worker_(worker), bytes_(bytes), stream_(worker.open_stream()), done_(std::move(done)) {}

void BodyTake::start() {
  pump();
}

// Completions may come during the call, so the loop must not be entered twice.
void BodyTake::pump() {
  if (pumping_) return;
  pumping_ = true;
  const auto self = shared_from_this();
  while (!ended_ && waiting_ < kWaiting) {
    if (!take_next()) ended_ = true;
  }
  pumping_ = false;
  end_if_done();
}

// False at the end of the body.
bool BodyTake::take_next() {
  using Step = convert::MessageStream::Step;
  std::size_t consumed = 0;
  std::string_view message;
  const auto step = stream_->next(bytes_.view().substr(position_), true, consumed, message, problems_);
  if (step == Step::Message) {
    const auto index = outcomes_.size();
    outcomes_.emplace_back();
    ++waiting_;
    worker_.take(message, stream_.get(),
                 [self = shared_from_this(), index, notes = take_notes()](Outcome outcome) mutable {
                   append_problems(outcome, std::move(notes));
                   self->answered(index, std::move(outcome));
                 });
    position_ += consumed;
    return true;
  }
  if (step != Step::Malformed && step != Step::Fault) return false;
  skip_malformed(consumed);  // a fault ends the body here: what is left of it must not count as taken
  if (step == Step::Fault) return false;
  return consumed > 0;
}

// What was remarked on the bytes before a message is told with it. Errors wait for the end: they make the
// body a refused one.
std::vector<Problem> BodyTake::take_notes() {
  if (problems_.has_errors()) return {};
  auto notes = problems_.problems();
  problems_.clear();
  return notes;
}

// What is no message is named at its place; what follows is still taken.
void BodyTake::skip_malformed(std::size_t consumed) {
  Outcome outcome;
  outcome.fate = Fate::Refused;
  outcome.problems = problems_.problems();
  problems_.clear();
  outcomes_.push_back(std::move(outcome));
  position_ += consumed;
}

void BodyTake::answered(std::size_t index, Outcome outcome) {
  outcomes_[index] = std::move(outcome);
  --waiting_;
  pump();
}

void BodyTake::end_if_done() {
  if (!ended_ || waiting_ > 0 || !done_) return;
  if (outcomes_.empty() || problems_.has_errors()) {
    Outcome outcome;
    outcome.fate = Fate::Refused;
    outcome.problems = problems_.problems();
    if (outcomes_.empty()) {
      Problem nothing;
      nothing.number = 1707;
      nothing.arguments = {worker_.profile()};
      outcome.problems.push_back(std::move(nothing));
    }
    outcomes_.push_back(std::move(outcome));
  } else {
    append_problems(outcomes_.back(), take_notes());
  }
  auto done = std::move(done_);
  done_ = {};
  done(std::move(outcomes_));
}

}  // namespace lienthong::intake
