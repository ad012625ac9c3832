#include "gateway/intake/body_take.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "gateway/intake/problem_text.h"

namespace lienthong::intake {
namespace {

constexpr std::uint16_t kNotReadTwice = 1721;

// What ends a file and names no place of it is no matter of one of its messages.
bool is_of_whole(const ProblemSink& problems) {
  const auto& all = problems.problems();
  return std::any_of(all.begin(), all.end(), [](const Problem& problem) {
    return problem.severity == Severity::Fatal && problem.where_input.empty();
  });
}

}  // namespace

BodyTake::BodyTake(Worker& worker, Worker::Reading reading, FileTake take, std::size_t most_bytes)
    : worker_(worker),
      reading_(std::move(reading)),
      take_(std::move(take)),
      window_(most_bytes),
      stream_(reading_.converter->open_stream()) {}

void BodyTake::start() {
  if (!stream_->needs_foresight() || !take_.bytes->rewind()) return pump();
  survey_ = std::make_unique<FileSurvey>(worker_, reading_, *take_.bytes, window_);
  survey();
}

// In slices: the thread has connections to serve.
void BodyTake::survey() {
  if (survey_->advance(kSurveyed)) return end_survey();
  worker_.run_later([self = shared_from_this()] { self->survey(); });
}

// A file that cannot be read again after all has no first message to begin with: its taking ends with that
// error.
void BodyTake::end_survey() {
  stream_->foresee(survey_->stream(), survey_->is_clean());
  survey_.reset();
  window_.restart();
  if (!take_.bytes->rewind()) {
    result_ = fail(Category::Unavailable, kNotReadTwice, "the file cannot be read a second time");
    ended_ = true;
  }
  pump();
}

// Completions may come during the call, so the loop must not be entered twice.
void BodyTake::pump() {
  if (pumping_) return;
  pumping_ = true;
  const auto self = shared_from_this();
  while (!ended_ && waiting_ < kWaiting && waiting_bytes_ < kWaitingBytes) step();
  pumping_ = false;
  end_if_done();
}

void BodyTake::step() {
  using Step = convert::MessageStream::Step;
  std::size_t consumed = 0;
  std::string_view message;
  const auto found = stream_->next(window_.bytes(), window_.at_end(), consumed, message, problems_);
  switch (found) {
    case Step::Message:
      in_malformed_ = false;
      take_message(message);
      window_.consume(consumed);
      return;
    case Step::NeedMore:
      window_.consume(consumed);
      return read_more();
    case Step::Malformed:
      skip_malformed(consumed == 0 ? window_.bytes() : window_.bytes().substr(0, consumed));
      window_.consume(consumed);
      ended_ = ended_ || (consumed == 0 && window_.at_end());
      return;
    case Step::Fault:
      skip_malformed(window_.bytes());  // it ends the body here: what is left of it must not count as taken
      ended_ = true;
      return;
    case Step::End:
      ended_ = true;
      return;
  }
}

void BodyTake::take_message(std::string_view message) {
  const auto index = index_++;
  if (index < take_.skip) return;
  ++waiting_;
  const auto size = message.size();
  waiting_bytes_ += size;
  worker_.take(message, reading_, stream_.get(),
               [self = shared_from_this(), index, size, notes = take_notes()](Outcome outcome) mutable {
                 outcome.problems.insert(outcome.problems.end(), std::make_move_iterator(notes.begin()),
                                         std::make_move_iterator(notes.end()));
                 self->waiting_bytes_ -= size;
                 self->answered(index, std::move(outcome));
               });
}

void BodyTake::read_more() {
  if (window_.at_end()) {  // an adapter that asks for more behind the end has no more to give
    ended_ = true;
    return;
  }
  const auto filled = window_.fill(*take_.bytes);
  if (!filled) {
    result_ = forward(filled);
    ended_ = true;
  } else if (*filled == FileWindow::Filled::TooLong) {
    Problem problem;
    problem.number = 1706;
    problem.arguments = {"> " + std::to_string(window_.bytes().size()), std::to_string(window_.most_bytes())};
    problems_.add(std::move(problem));
    ended_ = true;
  }
}

// What was remarked on the bytes before a message is told with it. Errors wait for the end: they make the
// body a refused one.
std::vector<Problem> BodyTake::take_notes() {
  if (problems_.has_errors()) return {};
  auto notes = problems_.problems();
  problems_.clear();
  return notes;
}

// What is no message is named at its place and kept raw; what follows is still taken. A long stretch of it
// comes in pieces, of which the first tells.
void BodyTake::skip_malformed(std::string_view bytes) {
  if (problems_.problems().empty()) {
    if (in_malformed_) return;
    Problem nothing;
    nothing.number = 1707;
    nothing.arguments = {std::string(name_of_mapping(reading_.profile))};
    problems_.add(std::move(nothing));
  }
  in_malformed_ = true;
  const auto problems = std::exchange(problems_, {});
  const auto index = index_++;
  if (index < take_.skip) return;
  ++waiting_;
  worker_.refuse(
      bytes, reading_, problems,
      [self = shared_from_this(), index, of_whole = is_of_whole(problems)](Outcome outcome) mutable {
        outcome.of_whole = of_whole;
        self->answered(index, std::move(outcome));
      });
}

void BodyTake::answered(std::size_t index, Outcome outcome) {
  if (outcome.fate == Fate::Busy) ended_ = true;  // whoever tries again begins here
  take_.each(index, std::move(outcome));
  --waiting_;
  pump();
}

void BodyTake::end_if_done() {
  if (!ended_ || waiting_ > 0 || !take_.done) return;
  auto notes = problems_.problems();
  if (index_ == 0 && notes.empty() && result_) {
    Problem nothing;
    nothing.number = 1707;
    nothing.arguments = {std::string(name_of_mapping(reading_.profile))};
    notes.push_back(std::move(nothing));
  }
  auto done = std::move(take_.done);
  take_.done = {};
  done(std::move(result_), std::move(notes));
}

}  // namespace lienthong::intake
