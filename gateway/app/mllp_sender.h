#pragma once
// Plays a sender of HL7 v2 over MLLP: one message in hand on each connection, the next one after its ACK.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/app/hl7_supply.h"
#include "gateway/base/result.h"
#include "gateway/net/stream_client.h"

namespace lienthong::app {

struct MllpSenderOptions {
  net::StreamClientOptions stream;
  unsigned connections = 1;
  std::uint32_t rate = 0;              // messages a second over all connections; 0 = as fast as answers come
  std::chrono::milliseconds retry{0};  // how long to try again when a connection fails; 0 = not at all
  std::chrono::milliseconds answer_limit = std::chrono::seconds(30);
};

// One answer. Views are valid during the call.
struct SenderAnswer {
  std::string_view code;        // MSA-1: "AA", "CA", "AE" …
  std::string_view control_id;  // MSA-2
  std::string_view text;        // MSA-3, else ERR-8 (what the receiver complains of)
};

struct SenderReport {
  std::uint64_t sent = 0;      // answered messages
  std::uint64_t accepted = 0;  // AA or CA
  std::uint64_t refused = 0;
  std::uint64_t reconnects = 0;
  std::chrono::nanoseconds took{0};
  std::vector<std::uint32_t> latencies;  // microseconds, in no order
};

// Sends all messages and returns when the last is answered. Messages of one lane go over one connection in
// their order; a message whose connection failed is sent again. Blocks; `on_answer` is called on another
// thread, one call at a time. Errors: Unavailable or Interrupted when a connection failed longer than
// `retry`.
Result<SenderReport> send_messages(const MllpSenderOptions& options, MessageSupply supply,
                                   std::function<void(const SenderAnswer&)> on_answer);

}  // namespace lienthong::app
