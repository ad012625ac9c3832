#pragma once
// One file on its way through the taker: its report so far, and where to go on when nothing could be kept.

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "gateway/base/error.h"
#include "gateway/sources/outcome_report.h"

namespace lienthong::sources {

// One thread. Outcomes come in any order (at most as many apart as may wait for the disk) and are reported in
// theirs, up to the first that was not kept.
class FileTaking {
 public:
  // `whole`: the file as reports name it.
  FileTaking(const Catalogue& catalogue, Language language, std::string whole)
      : report_(catalogue, language, std::move(whole)) {}

  void begin() {
    ended_ = false;
    early_.clear();
  }
  void note(std::size_t index, intake::Outcome outcome) {
    early_.insert_or_assign(index, std::move(outcome));
    for (auto next = early_.begin(); next != early_.end() && next->first == next_; next = early_.begin()) {
      if (next->second.fate == intake::Fate::Busy) return;
      report_.add(next_++, next->second);
      early_.erase(next);
    }
  }
  void end(Result<void> result, const std::vector<Problem>& notes) {
    ended_ = true;
    if (!result) error_ = result.error();
    if (!is_busy()) report_.add_notes(notes);
  }

  bool ended() const noexcept { return ended_; }
  // Messages that have their fate.
  std::size_t taken() const noexcept { return next_; }
  bool is_busy() const noexcept {
    return !early_.empty();  // only what stands behind a Busy one is left
  }
  const std::optional<Error>& error() const noexcept { return error_; }
  OutcomeReport& report() noexcept { return report_; }

 private:
  OutcomeReport report_;
  std::map<std::size_t, intake::Outcome> early_;
  std::size_t next_ = 0;
  bool ended_ = false;
  std::optional<Error> error_;
};

}  // namespace lienthong::sources
