#pragma once
// Which kept messages are to be converted once more, as the commands say it and as it goes to the gateway.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/journal/message_record.h"

namespace lienthong::app {

struct ReplayCall {
  std::string source;  // empty = all
  std::optional<Instant> from, until;
  std::optional<MessageNumber> number;  // this one alone
  journal::Fate fate = journal::Fate::Stored;
  bool waiting = false;  // only what waits for codes that have a row now
  std::string table;     // with `waiting`: of this code table; empty = of all
  bool deliver = false;  // what they state goes out again even where nothing changed
  bool quiet = false;    // nothing goes out

  // The words of a control call, and back; nothing when they are none.
  std::vector<std::string> words() const;
  static std::optional<ReplayCall> parse(const std::vector<std::string>& words);
};

// "2026-03-01", "2026-03-01T07:00", the same with ":00" seconds, with a zone "+07:00" or "Z"; or "3h" and
// "7d" before `now`. Without a zone: `offset`.
std::optional<Instant> parse_instant(std::string_view text, Instant now,
                                     std::chrono::minutes offset) noexcept;

// "2026-03-01T07:00:05+07:00", to the second.
std::string format_instant(Instant at, std::chrono::minutes offset);

}  // namespace lienthong::app
