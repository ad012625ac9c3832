#pragma once
// The messages of one source that a replay is about, page by page.

#include <optional>
#include <vector>

#include "gateway/app/replay_call.h"
#include "gateway/convert/program.h"
#include "gateway/journal/messages.h"
#include "gateway/journal/waiting_codes.h"
#include "gateway/store/connection.h"

namespace lienthong::app {

// One thread.
class ReplaySelection {
 public:
  // Messages that come after `now` are not chosen: they are converted with the newest mapping anyway. Errors:
  // NotFound (LT-1301) for a single message that is not kept, Fault.
  static Result<ReplaySelection> make(store::Connection& connection, const ReplayCall& call, SourceId source,
                                      const convert::Program& program, Instant now);

  // The next rows, ascending; empty at the end.
  Result<std::vector<MessageRow>> next(store::Connection& connection);

 private:
  static constexpr std::size_t kPage = 500;

  ReplaySelection() = default;

  journal::MessageFilter filter_;
  std::optional<MessageRow> only_;
  std::optional<std::vector<journal::CodeRowId>> codes_;
  bool ended_ = false;
};

}  // namespace lienthong::app
