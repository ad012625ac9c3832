#pragma once
// What became of the messages of a body or file, as an OperationOutcome and as text. Never with values.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/catalogue.h"
#include "gateway/intake/take.h"

namespace lienthong::sources {

// A word of a report in the gateway's language.
constexpr std::string_view word_in(Language language, std::string_view english, std::string_view vietnamese) {
  return language == Language::Vietnamese ? vietnamese : english;
}

// One thread. Keeps at most kMostListed messages in full, and as many more of those that were not stored; all
// are counted.
class OutcomeReport {
 public:
  static constexpr std::size_t kMostListed = 1000;

  struct Counts {
    std::size_t stored = 0, repeated = 0, refused = 0, quarantined = 0, busy = 0;
    std::size_t messages() const noexcept { return stored + repeated + refused + quarantined + busy; }
    bool all_good() const noexcept { return refused + quarantined + busy == 0; }
  };

  // `catalogue` outlives it. `whole`: what the messages came in, as it is named ("file results.xml").
  OutcomeReport(const Catalogue& catalogue, Language language, std::string whole)
      : catalogue_(catalogue), language_(language), whole_(std::move(whole)) {}

  // The fate of the message at `position` (from 0), or what an outcome says of the whole.
  void add(std::size_t position, const intake::Outcome& outcome);
  // What was said of the whole.
  void add_notes(const std::vector<Problem>& notes);

  const Counts& counts() const noexcept { return counts_; }
  bool has_note_errors() const noexcept { return note_errors_; }
  // {"resourceType":"OperationOutcome","issue":[…]}; `summary` is its first issue unless it is empty.
  std::string json(std::string_view summary = {}) const;
  // One line a message and one a problem, with what can be done about it.
  const std::string& text() const noexcept { return text_; }

 private:
  void add_problem(const Problem& problem, const std::string& subject);

  const Catalogue& catalogue_;
  Language language_;
  std::string whole_;
  bool names_whole_ = false;  // in the text
  Counts counts_;
  std::size_t listed_ = 0, listed_bad_ = 0;
  bool note_errors_ = false;
  std::string issues_, text_;
};

}  // namespace lienthong::sources
