#include "gateway/sources/outcome_report.h"

#include "gateway/base/json_text.h"

namespace lienthong::sources {
namespace {

void append_issue(std::string& out, std::string_view severity, std::string_view code, std::string_view text,
                  std::string_view where) {
  out += out.empty() ? "{\"severity\":" : ",{\"severity\":";
  append_json_string(out, severity);
  out += ",\"code\":";
  append_json_string(out, code);
  out += ",\"diagnostics\":";
  append_json_string(out, text);
  if (!where.empty()) {
    out += ",\"location\":[";
    append_json_string(out, where);
    out += ']';
  }
  out += '}';
}

std::string_view fate_text(const intake::Outcome& outcome, Language language) {
  if (outcome.duplicate) return word_in(language, "repeated", "gửi lặp");
  if (outcome.fate == intake::Fate::Stored && outcome.number.value == Uuid{})
    return word_in(language, "there is none", "không có");
  switch (outcome.fate) {
    case intake::Fate::Stored:
      return word_in(language, "stored", "đã lưu");
    case intake::Fate::Refused:
      return word_in(language, "refused", "bị từ chối");
    case intake::Fate::Quarantined:
      return word_in(language, "quarantined", "bị cách ly");
    case intake::Fate::Busy:
      return word_in(language, "not kept, send it again", "chưa được lưu, hãy gửi lại");
  }
  return "";
}

void count(const intake::Outcome& outcome, OutcomeReport::Counts& counts) {
  if (outcome.duplicate) ++counts.repeated;
  if (outcome.fate == intake::Fate::Stored && !outcome.duplicate) ++counts.stored;
  if (outcome.fate == intake::Fate::Refused && !outcome.duplicate) ++counts.refused;
  if (outcome.fate == intake::Fate::Quarantined && !outcome.duplicate) ++counts.quarantined;
  if (outcome.fate == intake::Fate::Busy) ++counts.busy;
}

}  // namespace

void OutcomeReport::add(std::size_t position, const intake::Outcome& outcome) {
  const bool is_kept = outcome.number.value != Uuid{};
  if (outcome.of_whole && !is_kept) return add_notes(outcome.problems);
  count(outcome, counts_);
  const bool good = outcome.fate == intake::Fate::Stored;
  if (listed_ == kMostListed && (good || listed_bad_ == kMostListed)) return;
  ++(listed_ < kMostListed ? listed_ : listed_bad_);
  const auto subject = outcome.of_whole ? whole_
                                        : std::string(word_in(language_, "message ", "bản tin ")) +
                                              std::to_string(position + 1);
  const auto number = is_kept ? " " + to_string(outcome.number.value) : std::string();
  const auto line = subject + number + ": " + std::string(fate_text(outcome, language_));
  append_issue(issues_, good ? "information" : "error", good ? "informational" : "processing", line, {});
  text_ += line + "\n";
  for (const auto& problem : outcome.problems) add_problem(problem, subject);
}

void OutcomeReport::add_notes(const std::vector<Problem>& notes) {
  if (!notes.empty() && !std::exchange(names_whole_, true)) text_ += whole_ + ":\n";
  for (const auto& note : notes) {
    note_errors_ = note_errors_ || note.severity >= Severity::Error;
    add_problem(note, whole_);
  }
}

// Of the whole, the text of an issue says itself what it is about: there is no line of a message above it.
void OutcomeReport::add_problem(const Problem& problem, const std::string& subject) {
  const auto* entry = catalogue_.find(problem.catalogue, problem.number);
  const auto line = code_of(problem) + ": " + catalogue_.text(problem, language_, false);
  const auto& where = problem.where_input.empty() ? problem.where_output : problem.where_input;
  append_issue(issues_, name_of(problem.severity),
               entry == nullptr ? "processing" : std::string_view(entry->issue_code),
               subject == whole_ ? whole_ + ": " + line : line,
               subject + (where.empty() ? "" : ", ") + where);
  text_ += "  " + std::string(name_of(problem.severity)) + (where.empty() ? "" : " " + where) + ": " + line +
           "\n    " + catalogue_.remedy(problem, language_) + "\n";
}

std::string OutcomeReport::json(std::string_view summary) const {
  std::string first;
  if (!summary.empty())
    append_issue(first, counts_.all_good() && !note_errors_ ? "information" : "error", "informational",
                 summary, {});
  const bool both = !first.empty() && !issues_.empty();
  return "{\"resourceType\":\"OperationOutcome\",\"issue\":[" + first + (both ? "," : "") + issues_ + "]}";
}

}  // namespace lienthong::sources
