#pragma once
// Has this message been here before? Source: semantics.md rule 21.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/journal/message_record.h"
#include "gateway/store/transaction.h"

namespace lienthong::journal {

inline constexpr std::chrono::days kDuplicateWindow{7};

enum class Repeat : std::uint8_t {
  New,           // never seen in the window
  Duplicate,     // same source, control id and content: answer as before, no effect
  OtherContent,  // same source and control id, other content: a warning, or refused where the source is
                 // strict
};

struct Seen {
  Repeat repeat = Repeat::New;
  MessageRow row{0};  // of the earlier message; 0 when New
};

// Looks only within the window before `now`. Without a control id the hash alone decides. Works on the writer
// (the only place where the answer is certain) and on a Reader (an early answer that saves a conversion).
Result<Seen> find_duplicate(store::Connection& connection, SourceId source, std::string_view control_id,
                            ContentHash hash, Instant now,
                            std::chrono::microseconds window = kDuplicateWindow);

// What the earlier message was answered, to be said again. NotFound (LT-1301).
struct EarlierAnswer {
  MessageNumber number;
  Fate fate = Fate::Stored;
  std::string answer;    // as given to append() or set_answer(); "" = plain acceptance
  std::string problems;  // as given to append(); "" = none
};
Result<EarlierAnswer> earlier_answer(store::Connection& connection, MessageRow row);

}  // namespace lienthong::journal
