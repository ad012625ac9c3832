#pragma once
// One message between its io thread and the writer: everything the writer needs, and what becomes of it.

#include <memory>
#include <optional>
#include <string>

#include "gateway/convert/converter.h"
#include "gateway/intake/services.h"
#include "gateway/intake/source_rules.h"
#include "gateway/intake/take.h"
#include "gateway/journal/duplicates.h"
#include "gateway/journal/message_record.h"
#include "gateway/repository/prepared_claims.h"

namespace lienthong::intake {

// Made on the io thread, run on the writer, finished on the io thread. Owns its memory.
struct MessageJob {
  // Prepared before the queue.
  MessageNumber number;
  Instant received_at{};
  std::string kind;
  std::string control_id;
  std::string profile;
  std::shared_ptr<convert::Converter> converter;  // what it was read with: it renders the answer
  journal::ContentHash hash;
  std::string compressed;
  journal::CompressedRaw raw;  // views `compressed`
  std::string problems_json;
  bool look_for_repeat = false;       // false: it could not be opened, so its control id is not known
  repository::PreparedClaims claims;  // empty: nothing to apply
  delivery::Lane lane;                // where no repository is kept: hash of the patient's key
  bool pass_on = false;               // goes to the outbox as a message
  Outcome outcome;
  Verdict verdict = Verdict::Accepted;
  char accept_ack[2] = {0, 0}, application_ack[2] = {0, 0};  // MSH-15, MSH-16
  ProblemSink sink;
  Completion completion;

  std::size_t bytes() const noexcept { return sizeof *this + compressed.size() + claims.bytes(); }

  // Whether run() may be called again after what it wrote was undone.
  bool is_repeatable() const noexcept { return claims.empty(); }
  // Whether run() takes well under a millisecond.
  bool is_brief() const noexcept { return bytes() <= kBriefBytes; }

  // On the writer thread. Detects repeats, keeps the message, applies its claims and fills the outbox.
  Result<void> run(store::Transaction& transaction, const Services& services, const SourceRules& rules);

 private:
  static constexpr std::size_t kBriefBytes = 32'000;  // of claims; five resources are about 10,000

  // What run() may change, as it was before.
  struct Before {
    Fate fate;
    Verdict verdict;
    bool pass_on;
    ProblemSink sink;
    std::string problems_json;
  };
  void start_over();
  void note_before();
  Result<bool> answer_repeat(store::Transaction& transaction, const SourceRules& rules);

  std::optional<Before> before_;  // once it changed something, which is rare
};

// How an answer is kept in the journal, so that a repeat is answered as before: one letter, see the table in
// the .cpp.
std::string_view answer_text(Verdict verdict) noexcept;
Verdict parse_answer(std::string_view text) noexcept;

}  // namespace lienthong::intake
