#include "gateway/repository/sqlite/result_ties.h"

#include <algorithm>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/link_update.h"
#include "gateway/repository/sqlite/person_records.h"

namespace lienthong::repository::sqlite {
namespace {

constexpr std::uint32_t kNoResult = kDeleted | kPlaceholder | kMentioned;

}  // namespace

Result<void> ResultTies::run(const TieNotes& notes, std::vector<Change>& changes) {
  for (const auto& result : notes.results) {
    if (const auto noted = note_written(result); !noted) return noted;
  }
  for (const ResourceRow patient : notes.patients) {
    const auto records = records_of(patient);
    if (!records) return forward(records);
    for (const auto record : **records) {
      if (const auto added = add_copies_of({record}); !added) return added;
    }
  }
  for (const auto copy : copies_) {
    if (const auto judged = judge(copy); !judged) return judged;
  }
  for (const auto copy : changed_) {  // behind the last search: a new version has keys of its own
    const bool is_written = std::any_of(notes.results.begin(), notes.results.end(),
                                        [&](const auto& result) { return result.row.value == copy; });
    if (is_written) continue;
    if (const auto shown = show(copy, changes); !shown) return shown;
  }
  return {};
}

Result<void> ResultTies::note_written(const TieNotes::Result& result) {
  if (!result.is_new) {
    const auto judged_by = identity::copies_agreeing(transaction_, result.row);
    if (!judged_by) return forward(judged_by);
    copies_.insert(judged_by->begin(), judged_by->end());
  }
  if (!result.is_copy && !result.was_copy) return look_for_copies(result.row);
  const auto loaded = load(result.row.value);
  if (!loaded) return forward(loaded);
  if (!result.is_copy || !(*loaded)->facts.usable()) {
    const auto forgotten = identity::forget_copy(transaction_, result.row, table_.now());
    if (!forgotten) return forward(forgotten);
    if (*forgotten) table_.count_tied(-1);
    return result.is_copy ? Result<void>() : look_for_copies(result.row);
  }
  identity::CopyKey key{(*loaded)->patient, (*loaded)->facts.from, {}};
  for (const auto& code : (*loaded)->facts.codes) key.codes.push_back(hash_of(code));
  copies_.insert(result.row.value);
  return identity::note_copy(transaction_, result.row, key);
}

// Copies that came before the result.
Result<void> ResultTies::look_for_copies(ResourceRow original) {
  const auto head = load_head(transaction_, original);
  if (!head) return head.error().category == Category::NotFound ? Result<void>() : forward(head);
  if (head->lane == ResourceRow{} || (head->flags & kNoResult) != 0) return {};
  const auto records = records_of(head->lane);
  if (!records) return forward(records);
  const auto [known, fresh] = has_copies_.try_emplace(head->lane.value, false);
  for (std::size_t i = 0; fresh && !known->second && i < (*records)->size(); ++i) {
    const auto any = identity::has_copies(transaction_, {(**records)[i]});
    if (!any) return forward(any);
    known->second = *any;
  }
  if (!known->second) return {};
  const auto loaded = load(original.value);
  if (!loaded) return forward(loaded);
  const ResultFacts& facts = (*loaded)->facts;
  for (const auto record : **records) {
    for (const auto& code : facts.codes) {
      const auto found = identity::copies_of(transaction_, {record}, hash_of(code), facts.from - kTieSpan,
                                             facts.to + kTieSpan);
      if (!found) return forward(found);
      copies_.insert(found->begin(), found->end());
    }
  }
  return {};
}

Result<void> ResultTies::add_copies_of(ResourceRow patient) {
  const auto found = identity::copies_of(transaction_, patient);
  if (!found) return forward(found);
  copies_.insert(found->begin(), found->end());
  return {};
}

Result<void> ResultTies::judge(std::int64_t copy) {
  const auto loaded = load(copy);
  if (!loaded) return forward(loaded);
  auto agreeing = agreeing_with(**loaded);
  if (!agreeing) return forward(agreeing);
  const identity::Tie tie = tie_of(std::move(*agreeing));
  const auto change = identity::set_tie(transaction_, {copy}, tie, table_.now());
  if (!change) return forward(change);
  if (change->reason && tie.reason == identity::TieReason::Several) raise_several();
  if (!change->original) return {};
  table_.count_tied((tie.original != ResourceRow{} ? 1 : 0) - (change->was_tied ? 1 : 0));
  changed_.push_back(copy);
  return {};
}

Result<std::vector<ResultTies::Agreeing>> ResultTies::agreeing_with(const Loaded& copy) {
  std::vector<Agreeing> agreeing;
  if (copy.patient == ResourceRow{} || !copy.facts.usable()) return agreeing;
  const auto records = records_of(copy.patient);
  if (!records) return forward(records);
  Rows rows;
  for (const auto record : **records) {
    for (const auto& code : copy.facts.codes) {
      if (const auto found = search_.find(record, code, copy.facts, rows); !found) return forward(found);
    }
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  for (const auto row : rows) {
    const auto result = load(row);
    if (!result) return forward(result);
    const Loaded& other = **result;
    const bool is_result = (other.flags & (kNoResult | kClaimsCopy)) == 0 &&
                           (other.flags & kTest) == (copy.flags & kTest) &&
                           std::binary_search((*records)->begin(), (*records)->end(), other.patient.value);
    if (!is_result || !agree(copy.facts, other.facts)) continue;
    agreeing.push_back({row, distance_of(copy.facts, other.facts), other.patient == copy.patient});
  }
  return agreeing;
}

// The only one; of several the nearest in time, if there is no doubt which it is.
identity::Tie ResultTies::tie_of(std::vector<Agreeing> agreeing) {
  identity::Tie tie;
  if (agreeing.empty()) return tie;
  for (const auto& one : agreeing) tie.candidates.push_back(one.row);
  const auto nearest = std::min_element(agreeing.begin(), agreeing.end(), [](const auto& a, const auto& b) {
    return a.distance.most < b.distance.most;
  });
  const bool is_clear = std::all_of(agreeing.begin(), agreeing.end(), [&](const Agreeing& other) {
    return other.row == nearest->row || other.distance.least > nearest->distance.most;
  });
  tie.reason = !is_clear              ? identity::TieReason::Several
               : nearest->same_record ? identity::TieReason::SameRecord
                                      : identity::TieReason::LinkedRecord;
  if (is_clear) tie.original = {nearest->row};
  return tie;
}

// The copy's rendered form is another now.
Result<void> ResultTies::show(std::int64_t copy, std::vector<Change>& changes) {
  auto head = load_head(transaction_, {copy});
  if (!head) return forward(head);
  if (!head->live()) return {};
  if (const auto touched = table_.touch(transaction_, *head, message_); !touched) return touched;
  note_change(*head, changes);
  return {};
}

void ResultTies::raise_several() {
  if (problems_ == nullptr) return;
  problems_->add({Severity::Warning, kSeveralResults, "", "", "Observation", kNoOffset, {"Observation"}, {}});
}

// A row that was never written (its part of a batch was undone) can be nothing.
Result<const ResultTies::Loaded*> ResultTies::load(std::int64_t row) {
  const auto [place, fresh] = loaded_.try_emplace(row);
  Loaded& loaded = place->second;
  if (!fresh) return &loaded;
  loaded.flags = kPlaceholder;
  const auto record = load_shown(transaction_, {row});
  if (!record && record.error().category == Category::NotFound) return &loaded;
  if (!record) return forward(record);
  loaded.flags = record->flags;
  loaded.patient = record->lane;
  if ((record->flags & kNoResult) != 0) return &loaded;
  const auto body = unpack(record->body);
  if (!body) return forward(body);
  loaded.facts = reader_.read(*body, table_.scheme()->options().zone_minutes);
  return &loaded;
}

Result<const std::vector<std::int64_t>*> ResultTies::records_of(ResourceRow patient) {
  const auto [place, fresh] = records_.try_emplace(patient.value);
  if (!fresh) return &place->second;
  auto records = records_of_person(transaction_, patient);
  if (!records) return forward(records);
  place->second = std::move(*records);
  return &place->second;
}

Result<void> settle_ties(store::Transaction& transaction, ResourceTable& table, const MessageNumber& message,
                         ProblemSink* problems, std::vector<Change>& changes) {
  const TieNotes notes = table.take_tie_notes();
  if (notes.empty()) return {};
  return ResultTies(transaction, table, message, problems).run(notes, changes);
}

}  // namespace lienthong::repository::sqlite
