#pragma once
// One MLLP connection: from frames to answers.

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "gateway/intake/take.h"
#include "gateway/net/mllp_framer.h"
#include "gateway/net/stream.h"
#include "gateway/sources/mllp_source.h"

namespace lienthong::sources {

// All calls on the connection's io thread. Lives until its last completion has come.
class MllpConnection final : public net::StreamHandler, public std::enable_shared_from_this<MllpConnection> {
 public:
  MllpConnection(intake::Taker& taker, std::shared_ptr<MllpCounts> counts, net::MllpLimits limits,
                 std::size_t in_flight);

  void on_open(std::shared_ptr<net::Stream> stream) override;
  void on_bytes(std::string_view bytes) override;
  bool on_end_of_input() override;
  void on_drain() override;
  void on_closed(net::CloseReason reason, const Error* error) override;

 private:
  // An answer that is owed; answers leave in the order of the frames.
  struct Owed {
    bool ready = false;
    bool busy = false;
    std::string answer;
  };
  void take_frames();
  bool take_one(const net::MllpItem& item);
  // Makes room for the answer to the next frame; who calls it fills that.
  intake::Completion next_owed();
  void answered(std::uint64_t number, intake::Outcome outcome);
  void send_ready();
  void end_when_idle();
  void count_open_frame();

  intake::Taker& taker_;
  std::shared_ptr<MllpCounts> counts_;
  net::MllpFramer framer_;
  const std::size_t in_flight_;
  std::shared_ptr<net::Stream> stream_;
  std::deque<Owed> owed_;
  std::uint64_t first_owed_ = 0;  // number of owed_.front()
  std::string frame_;             // scratch: an answer in its frame
  bool paused_ = false;
  bool closing_ = false;
};

}  // namespace lienthong::sources
