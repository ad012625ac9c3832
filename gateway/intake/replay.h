#pragma once
// Messages of the journal, converted once more: to see what a changed mapping makes of them, or to have it
// made. Source: docs/semantics.md rule 25.

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "gateway/convert/converter.h"
#include "gateway/convert/program.h"
#include "gateway/intake/resource_check.h"
#include "gateway/intake/services.h"
#include "gateway/intake/source_rules.h"
#include "gateway/journal/messages.h"
#include "gateway/repository/claims_input.h"

namespace lienthong::intake {

// A mapping as it was, by its identity (journal/mapping_snapshots.h); null when it is not known.
using EarlierMappings = std::function<std::shared_ptr<const convert::Program>(const std::string& identity)>;

// What one message says before and after.
struct Comparison {
  journal::StoredMessage message;
  bool earlier_known = false;                // else `before` cannot be told
  std::optional<std::string> before, after;  // bundles; nothing where the message is not converted
  ProblemSink problems;                      // of the new conversion
};

struct ReplayTotals {
  std::uint64_t messages = 0;  // applied
  std::uint64_t changed = 0;   // resource versions made
  std::uint64_t created = 0;   // of them, resources that were not there
  std::uint64_t waiting = 0;   // messages that still have codes without a row
  std::uint64_t failed = 0;    // left as they were: unreadable, set apart, or the store refused
  std::uint64_t unknown = 0;  // their earlier mapping is not known: what it said and this one does not, stays
};

// Converts the stored bytes of one source's messages. No repository or store is needed.
class ReplayConverter {
 public:
  // What a conversion says; views its converter until the next one.
  struct Said {
    const convert::Envelope* envelope = nullptr;
    const convert::Conversion* conversion = nullptr;  // null: no mapping takes this type
  };

  ReplayConverter(const SourceRules& rules, std::shared_ptr<const convert::Program> program,
                  EarlierMappings earlier)
      : rules_(rules), program_(std::move(program)), earlier_(std::move(earlier)) {}

  const SourceRules& rules() const noexcept { return rules_; }
  const std::string& identity() const noexcept { return program_->identity(); }

  // Errors: as the converter's; Unsupported is none, see Said. `bytes` has its padding.
  Result<Said> now(const journal::StoredMessage& message, std::string_view bytes, ProblemSink& problems);
  // As it was converted last. Nothing when that mapping is not known or the message was not converted.
  std::optional<Said> before(const journal::StoredMessage& message, std::string_view bytes);

 private:
  Result<Said> convert(convert::Converter& converter, const journal::StoredMessage& message,
                       std::string_view bytes, ProblemSink& problems);

  SourceRules rules_;
  std::shared_ptr<const convert::Program> program_;
  EarlierMappings earlier_;
  std::unique_ptr<convert::Converter> converter_;
  std::map<std::string, std::unique_ptr<convert::Converter>> earlier_converters_;  // null: not known
};

// Errors: NotFound, Fault (LT-13xx) of the journal; a message that cannot be converted is none.
Result<Comparison> compare_message(store::Connection& connection, const journal::Dictionaries& dictionaries,
                                   ReplayConverter& converter, MessageRow row);

// Applies messages again, a job of the writer each, some of them on their way at once. One thread; not an io
// thread. Uses the last in-hand slot.
class Replayer {
 public:
  struct Options {
    bool deliver = false;  // everything the messages state goes out again, changed or not (semantics 27)
    bool quiet = false;    // nothing goes out
  };

  Replayer(const Services& services, ReplayConverter& converter, Options options);
  ~Replayer();  // waits for what is on its way

  // A learning source's messages are converted and noted, not applied. Waits while the writer is behind.
  void apply(store::Connection& connection, MessageRow row);
  // Waits until all is on disk.
  ReplayTotals finish();

 private:
  struct Job;

  bool prepare(store::Connection& connection, Job& job);
  bool prepare_claims(Job& job, const ReplayConverter::Said& said, const journal::StoredMessage& message,
                      std::string_view bytes);
  Result<void> write(store::Transaction& transaction, Job& job);
  Result<void> write_claims(store::Transaction& transaction, Job& job);
  void submit(std::unique_ptr<Job> job);
  void answered(const Job& job, bool done);

  const Services& services_;
  ReplayConverter& converter_;
  const Options options_;
  std::unique_ptr<repository::Preparer> preparer_;
  std::unique_ptr<ResourceCheck> check_;  // null where nothing is checked
  repository::ClaimsInput claims_;
  std::mutex mutex_;
  std::condition_variable moved_;
  std::size_t under_way_ = 0;
  ReplayTotals totals_;
};

}  // namespace lienthong::intake
