#pragma once
// What a peer may cost us: time and bytes. Plain values, the same for every server.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "gateway/base/bytes.h"

namespace lienthong::net {

using Steady = std::chrono::steady_clock;

// Zero switches a limit off. Checked by the sweep timer, so they are kept to within
// IoThreadsOptions::sweep_every.
struct Timeouts {
  std::chrono::milliseconds idle = std::chrono::seconds(75);  // between requests; MLLP: no byte at all
  std::chrono::milliseconds head =
      std::chrono::seconds(10);  // from a request's first byte to the end of its head
  std::chrono::milliseconds handshake = std::chrono::seconds(10);    // TLS, and the close of a TLS session
  std::chrono::milliseconds write_stall = std::chrono::seconds(30);  // the peer takes no byte of an answer
  std::size_t minimum_body_rate = 1024;  // bytes/s, averaged, after the first 10 s of a body
  std::chrono::milliseconds body_grace = std::chrono::seconds(10);
};

// Which limit a peer broke.
enum class TimeoutReason : std::uint8_t { Idle, Head, Handshake, WriteStall, BodyTooSlow };

// Where a connection stands, as far as time limits are concerned.
enum class Phase : std::uint8_t { Handshake, Idle, Head, Body, Working };

struct PhaseProgress {
  Phase phase = Phase::Idle;
  Steady::time_point since{};                      // when the phase began; Idle: the last byte
  std::size_t body_bytes = 0;                      // received in Phase::Body
  std::optional<Steady::time_point> unsent_since;  // the oldest unsent byte's last progress
};

// The limit that is broken at `now`, if any. Pure; any thread.
std::optional<TimeoutReason> broken_limit(const Timeouts& timeouts, const PhaseProgress& progress,
                                          Steady::time_point now) noexcept;

// How many connections one listener takes.
struct ConnectionLimits {
  std::size_t total = 20'000;
  std::size_t per_address = 10'000;  // of one source address; loopback is not counted
};

}  // namespace lienthong::net
