#include "gateway/intake/message_job.h"

#include <array>
#include <vector>

#include "gateway/intake/problem_text.h"
#include "gateway/journal/contributions.h"
#include "gateway/journal/messages.h"
#include "gateway/journal/waiting_codes.h"

namespace lienthong::intake {
namespace {

journal::Fate journal_fate(Fate fate) noexcept {
  switch (fate) {
    case Fate::Stored:
      return journal::Fate::Stored;
    case Fate::Refused:
      return journal::Fate::Refused;
    case Fate::Quarantined:
    case Fate::Busy:
      return journal::Fate::Quarantined;
  }
  return journal::Fate::Quarantined;
}

Fate intake_fate(journal::Fate fate) noexcept {
  switch (fate) {
    case journal::Fate::Stored:
      return Fate::Stored;
    case journal::Fate::Refused:
    case journal::Fate::Discarded:
      return Fate::Refused;
    case journal::Fate::Quarantined:
      return Fate::Quarantined;
  }
  return Fate::Quarantined;
}

}  // namespace

std::string_view answer_text(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::Accepted:
      return "";
    case Verdict::BadData:
      return "B";
    case Verdict::NotTaken:
      return "N";
    case Verdict::TryAgain:
      return "T";
  }
  return "";
}

Verdict parse_answer(std::string_view text) noexcept {
  if (text == "B") return Verdict::BadData;
  if (text == "N") return Verdict::NotTaken;
  if (text == "T") return Verdict::TryAgain;
  return Verdict::Accepted;
}

Result<void> MessageJob::run(store::Transaction& transaction, const Services& services,
                             const SourceRules& rules) {
  start_over();
  auto repeated = answer_repeat(transaction, rules);
  if (!repeated) return forward(repeated);
  if (*repeated) return {};
  // Claims first: what they complain of belongs into the journal's row.
  const auto problems_before = sink.problems().size();
  std::vector<journal::Contribution> contributions;
  std::vector<delivery::Change> changes;
  if (!claims.empty()) {
    auto applied = services.repository->apply(transaction, claims, number, received_at, sink);
    if (!applied) return forward(applied);
    for (const auto& change : applied->changes) {
      if (!change.changed) continue;
      contributions.push_back({change.resource, change.version});
      changes.push_back(
          {change.resource, change.type, delivery::Lane{change.lane.value}, change.change, change.test});
    }
  }
  if (sink.problems().size() != problems_before) {
    problems_json = problems_as_json(sink);
    if (verdict == Verdict::Accepted && sink.has_errors()) verdict = Verdict::BadData;
  }
  journal::NewMessage record;
  record.number = number;
  record.source = rules.id;
  record.received_at = received_at;
  record.kind = kind;
  record.control_id = control_id;
  record.hash = hash;
  record.fate = journal_fate(outcome.fate);
  record.profile = profile;
  record.problems = problems_json;
  record.answer = answer_text(verdict);
  record.raw = raw;
  auto row = journal::append(transaction, record);
  if (!row) return forward(row);
  if (auto noted = journal::note_unmapped(transaction, *row, rules.id, received_at, unmapped_codes(sink));
      !noted)
    return noted;
  if (!contributions.empty()) {
    if (auto kept = journal::set_contributions(transaction, *row, contributions); !kept) return kept;
  }
  if (rules.state != SourceState::Live) return {};
  if (pass_on) return services.outbox.add(transaction, lane, *row, received_at, rules.settings.test);
  return services.outbox.add(transaction, changes, received_at);
}

void MessageJob::start_over() {
  if (!before_) return;
  outcome.duplicate = false;
  outcome.number = number;
  outcome.fate = before_->fate;
  verdict = before_->verdict;
  pass_on = before_->pass_on;
  sink = std::move(before_->sink);
  problems_json = std::move(before_->problems_json);
  before_.reset();
}

void MessageJob::note_before() {
  before_ = Before{outcome.fate, verdict, pass_on, sink, problems_json};
}

// True when the message is a repeat (or is refused for its control id), so that nothing more is to be done.
Result<bool> MessageJob::answer_repeat(store::Transaction& transaction, const SourceRules& rules) {
  if (!look_for_repeat) return false;
  auto seen =
      journal::find_duplicate(transaction, rules.id, control_id, hash, received_at, rules.duplicate_window);
  if (!seen) return forward(seen);
  if (seen->repeat == journal::Repeat::New) return false;
  if (is_repeatable()) note_before();
  if (seen->repeat == journal::Repeat::Duplicate) {
    auto earlier = journal::earlier_answer(transaction, seen->row);
    if (!earlier) return forward(earlier);
    outcome.duplicate = true;
    outcome.number = earlier->number;
    outcome.fate = intake_fate(earlier->fate);
    verdict = parse_answer(earlier->answer);
    return true;
  }
  Problem problem;
  problem.severity = rules.strict_duplicates ? Severity::Error : Severity::Warning;
  problem.number = 1703;
  problem.arguments = {control_id, rules.strict_duplicates ? "strict" : "lenient"};
  sink.add(std::move(problem));
  problems_json = problems_as_json(sink);
  if (!rules.strict_duplicates) return false;
  // Refused, but kept for triage like every refused message; its claims are not applied.
  claims = {};
  pass_on = false;
  outcome.fate = Fate::Refused;
  verdict = Verdict::NotTaken;
  return false;
}

}  // namespace lienthong::intake
