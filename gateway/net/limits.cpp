#include "gateway/net/limits.h"

namespace lienthong::net {
namespace {

bool over(std::chrono::milliseconds limit, Steady::duration spent) noexcept {
  return limit.count() > 0 && spent > limit;
}

bool too_slow(const Timeouts& timeouts, std::size_t bytes, Steady::duration spent) noexcept {
  if (timeouts.minimum_body_rate == 0 || spent <= timeouts.body_grace) return false;
  const auto seconds =
      static_cast<std::size_t>(std::chrono::duration_cast<std::chrono::seconds>(spent).count());
  return bytes / timeouts.minimum_body_rate < seconds;
}

}  // namespace

std::optional<TimeoutReason> broken_limit(const Timeouts& timeouts, const PhaseProgress& progress,
                                          Steady::time_point now) noexcept {
  if (progress.unsent_since && over(timeouts.write_stall, now - *progress.unsent_since)) {
    return TimeoutReason::WriteStall;
  }
  const auto spent = now - progress.since;
  switch (progress.phase) {
    case Phase::Handshake:
      if (over(timeouts.handshake, spent)) return TimeoutReason::Handshake;
      break;
    case Phase::Idle:
      if (!progress.unsent_since && over(timeouts.idle, spent)) return TimeoutReason::Idle;
      break;
    case Phase::Head:
      if (over(timeouts.head, spent)) return TimeoutReason::Head;
      break;
    case Phase::Body:
      if (too_slow(timeouts, progress.body_bytes, spent)) return TimeoutReason::BodyTooSlow;
      break;
    case Phase::Working:
      break;
  }
  return std::nullopt;
}

}  // namespace lienthong::net
