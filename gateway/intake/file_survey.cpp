#include "gateway/intake/file_survey.h"

namespace lienthong::intake {

FileSurvey::FileSurvey(Worker& worker, const Worker::Reading& reading, ByteSupply& supply, FileWindow& window)
    : worker_(worker),
      reading_(reading),
      supply_(supply),
      window_(window),
      stream_(reading.converter->open_stream()) {}

bool FileSurvey::advance(std::size_t bytes) {
  const auto until = read_ + bytes;
  while (read_ < until) {
    if (!step()) return true;
  }
  return false;
}

// False at the end. The first error settles the verdict, so nothing behind it need be read.
bool FileSurvey::step() {
  using Step = convert::MessageStream::Step;
  std::size_t consumed = 0;
  std::string_view message;
  ProblemSink problems;
  const auto found = stream_->next(window_.bytes(), window_.at_end(), consumed, message, problems);
  is_clean_ = is_clean_ && !problems.has_errors() && found != Step::Malformed && found != Step::Fault;
  if (!is_clean_) return false;
  if (found == Step::Message) is_clean_ = worker_.inspect(message, reading_, *stream_);
  window_.consume(consumed);
  if (found == Step::End) reached_end_ = true;
  if (found == Step::NeedMore) return read_more();
  return is_clean_ && !reached_end_;
}

bool FileSurvey::read_more() {
  if (window_.at_end()) return false;
  const auto held = window_.bytes().size();
  const auto filled = window_.fill(supply_);
  if (!filled || *filled == FileWindow::Filled::TooLong) {
    is_clean_ = false;
    return false;
  }
  read_ += window_.bytes().size() - held;
  return true;
}

}  // namespace lienthong::intake
