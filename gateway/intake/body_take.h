#pragma once
// All messages of one body or file, one after the other, with a bounded number waiting for the disk and a
// bounded window of its bytes in memory.

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "gateway/intake/file_survey.h"
#include "gateway/intake/file_window.h"
#include "gateway/intake/take.h"
#include "gateway/intake/worker.h"

namespace lienthong::intake {

// Lives until the last outcome has come; all on one io thread.
class BodyTake final : public std::enable_shared_from_this<BodyTake> {
 public:
  // `reading` must have a converter. `most_bytes`: a message that is longer ends the body.
  BodyTake(Worker& worker, Worker::Reading reading, FileTake take, std::size_t most_bytes);
  // Surveys the file first where its format needs that and its bytes can be read twice.
  void start();

 private:
  static constexpr std::size_t kWaiting = 256;
  // Bytes of messages that wait; what is made of them takes some ten times as much.
  static constexpr std::size_t kWaitingBytes = std::size_t{4} << 20;
  // Bytes that are surveyed before the thread sees to its other work.
  static constexpr std::size_t kSurveyed = std::size_t{2} << 20;

  void survey();
  void end_survey();
  void pump();
  void step();
  void take_message(std::string_view message);
  void skip_malformed(std::string_view bytes);
  void read_more();
  std::vector<Problem> take_notes();
  void answered(std::size_t index, Outcome outcome);
  void end_if_done();

  Worker& worker_;
  const Worker::Reading reading_;  // outlives the stream that it opened
  FileTake take_;
  FileWindow window_;
  std::unique_ptr<FileSurvey> survey_;
  std::unique_ptr<convert::MessageStream> stream_;
  ProblemSink problems_;
  Result<void> result_;
  std::size_t index_ = 0;
  std::size_t waiting_ = 0;
  std::size_t waiting_bytes_ = 0;
  bool ended_ = false;
  bool pumping_ = false;
  bool in_malformed_ = false;  // what was read last was no message
};

}  // namespace lienthong::intake
