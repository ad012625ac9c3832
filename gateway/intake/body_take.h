#pragma once
// All messages of one body or file, one after the other, with a bounded number waiting for the disk and a
// bounded window of its bytes in memory.

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "gateway/intake/take.h"
#include "gateway/intake/worker.h"

namespace lienthong::intake {

// Lives until the last outcome has come; all on one io thread.
class BodyTake final : public std::enable_shared_from_this<BodyTake> {
 public:
  // `reading` must have a converter. `most_bytes`: a message that is longer ends the body.
  BodyTake(Worker& worker, Worker::Reading reading, FileTake take, std::size_t most_bytes);
  void start() { pump(); }

 private:
  static constexpr std::size_t kWaiting = 256;
  static constexpr std::size_t kPiece = std::size_t{256} << 10;

  void pump();
  void step();
  void take_message(std::string_view message);
  void skip_malformed(std::string_view bytes);
  void read_more();
  bool make_room();
  std::vector<Problem> take_notes();
  void answered(std::size_t index, Outcome outcome);
  void end_if_done();
  std::string_view window() const noexcept { return {window_.data() + begin_, end_ - begin_}; }

  Worker& worker_;
  const Worker::Reading reading_;  // outlives the stream that it opened
  FileTake take_;
  const std::size_t most_bytes_;
  std::vector<char> window_;  // kPadding zero bytes behind end_
  std::size_t begin_ = 0, end_ = 0;
  bool at_end_ = false;  // of the supply
  std::unique_ptr<convert::MessageStream> stream_;
  ProblemSink problems_;
  Result<void> result_;
  std::size_t index_ = 0;
  std::size_t waiting_ = 0;
  bool ended_ = false;
  bool pumping_ = false;
  bool in_malformed_ = false;  // what was read last was no message
};

}  // namespace lienthong::intake
