#include "gateway/intake/body_take.h"

#include <cstring>
#include <iterator>
#include <string>
#include <utility>

#include "gateway/base/bytes.h"
#include "gateway/intake/problem_text.h"

namespace lienthong::intake {

BodyTake::BodyTake(Worker& worker, Worker::Reading reading, FileTake take, std::size_t most_bytes)
    : worker_(worker),
      reading_(std::move(reading)),
      take_(std::move(take)),
      most_bytes_(most_bytes),
      stream_(reading_.converter->open_stream()) {}

// Completions may come during the call, so the loop must not be entered twice.
void BodyTake::pump() {
  if (pumping_) return;
  pumping_ = true;
  const auto self = shared_from_this();
  while (!ended_ && waiting_ < kWaiting) step();
  pumping_ = false;
  end_if_done();
}

void BodyTake::step() {
  using Step = convert::MessageStream::Step;
  std::size_t consumed = 0;
  std::string_view message;
  const auto found = stream_->next(window(), at_end_, consumed, message, problems_);
  switch (found) {
    case Step::Message:
      in_malformed_ = false;
      take_message(message);
      begin_ += consumed;
      return;
    case Step::NeedMore:
      begin_ += consumed;
      return read_more();
    case Step::Malformed:
      skip_malformed(consumed == 0 ? window() : window().substr(0, consumed));
      begin_ += consumed;
      ended_ = ended_ || (consumed == 0 && at_end_);
      return;
    case Step::Fault:
      skip_malformed(window());  // it ends the body here: what is left of it must not count as taken
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
  worker_.take(message, reading_, stream_.get(),
               [self = shared_from_this(), index, notes = take_notes()](Outcome outcome) mutable {
                 outcome.problems.insert(outcome.problems.end(), std::make_move_iterator(notes.begin()),
                                         std::make_move_iterator(notes.end()));
                 self->answered(index, std::move(outcome));
               });
}

// The window grows with the message in it, so that a body of any size takes the memory of its largest one.
void BodyTake::read_more() {
  if (at_end_) {  // an adapter that asks for more behind the end has no more to give
    ended_ = true;
    return;
  }
  if (!make_room()) return;
  auto read = take_.bytes->read(window_.data() + end_, window_.size() - kPadding - end_);
  if (!read) {
    result_ = forward(read);
    ended_ = true;
    return;
  }
  at_end_ = *read == 0;
  end_ += *read;
  std::memset(window_.data() + end_, 0, kPadding);
}

bool BodyTake::make_room() {
  const auto held = end_ - begin_;
  if (held > most_bytes_) {
    Problem problem;
    problem.number = 1706;
    problem.arguments = {"> " + std::to_string(held), std::to_string(most_bytes_)};
    problems_.add(std::move(problem));
    ended_ = true;
    return false;
  }
  if (begin_ > 0) std::memmove(window_.data(), window_.data() + begin_, held);
  begin_ = 0;
  end_ = held;
  if (window_.size() < held + kPiece + kPadding) window_.resize(held + held / 2 + kPiece + kPadding);
  return true;
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
  worker_.refuse(bytes, reading_, problems, [self = shared_from_this(), index](Outcome outcome) mutable {
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
