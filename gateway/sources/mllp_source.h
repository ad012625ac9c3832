#pragma once
// HL7 v2 over MLLP: frames in, answers out in the order of the frames.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "gateway/base/result.h"
#include "gateway/intake/take.h"
#include "gateway/net/mllp_framer.h"
#include "gateway/net/stream_server.h"

namespace lienthong::sources {

struct MllpOptions {
  std::string name;  // the source's name, for logs
  net::StreamServerOptions server;
  net::MllpLimits frames;
  // Messages of one connection that may wait for their fate; then reading pauses (architecture rule 7).
  std::size_t in_flight = 64;
};

// Any thread.
struct MllpCounts {
  std::atomic<std::uint64_t> frames{0};
  std::atomic<std::uint64_t> truncated{0};  // frames that never ended
  std::atomic<std::uint64_t> too_long{0};
  std::atomic<std::uint64_t> not_mllp{0};  // connections that spoke something else
  std::atomic<std::uint64_t> busy{0};      // closed without an answer because nothing could be kept
};

// Listening while it lives; see StreamServer for its errors and its end. `taker` must outlive the IoThreads'
// stop.
class MllpSource {
 public:
  static Result<std::unique_ptr<MllpSource>> start(net::IoThreads& threads, MllpOptions options,
                                                   intake::Taker& taker);
  ~MllpSource();

  net::Endpoint endpoint() const;
  net::ListenerCounts listener_counts() const;
  const MllpCounts& counts() const noexcept { return *counts_; }
  void stop_accepting();

 private:
  MllpSource() = default;
  std::shared_ptr<MllpCounts> counts_;
  std::unique_ptr<net::StreamServer> server_;
};

}  // namespace lienthong::sources
