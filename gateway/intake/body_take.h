#pragma once
// All messages of one body, one after the other, with a bounded number waiting for the disk.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/intake/take.h"
#include "gateway/intake/worker.h"

namespace lienthong::intake {

// Lives until the last outcome has come; all on one io thread.
class BodyTake final : public std::enable_shared_from_this<BodyTake> {
 public:
  using Done = MoveFunction<void(std::vector<Outcome>)>;

  BodyTake(Worker& worker, std::string_view bytes, Done done);
  void start();

 private:
  static constexpr std::size_t kWaiting = 256;

  void pump();
  bool take_next();
  std::vector<Problem> take_notes();
  void skip_malformed(std::size_t consumed);
  void answered(std::size_t index, Outcome outcome);
  void end_if_done();

  Worker& worker_;
  PaddedBytes bytes_;
  std::size_t position_ = 0;
  std::unique_ptr<convert::MessageStream> stream_;
  ProblemSink problems_;
  std::vector<Outcome> outcomes_;
  std::size_t waiting_ = 0;
  bool ended_ = false;
  bool pumping_ = false;
  Done done_;
};

}  // namespace lienthong::intake
