#include "gateway/repository/sqlite/result_search.h"

#include <algorithm>
#include <memory>

#include "gateway/repository/sqlite/key_values.h"
#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

const store::Sql kWord("SELECT key FROM dict WHERE param = ?1 AND code = ?2 AND system = ?3");

ParameterNumber number_of(const TypeScheme& scheme, std::string_view code) {
  const ParameterUse* use = scheme.find(code);
  return use == nullptr || use->parts.empty() ? 0 : use->parts.front()->number;
}

// The lists of the days that a result within kTieSpan can be of. What lasts longer than a day agrees with
// nothing.
std::vector<std::int64_t> days_of(const ResultFacts& about) {
  std::vector<std::int64_t> days;
  if (about.to - about.from > kTieSpan) return days;
  const auto end = about.to + kTieSpan;
  for (auto at = about.from - kTieSpan; at < end + kTieSpan; at += kTieSpan) {
    const auto moment = std::min(at, end);
    days.push_back(date_value({moment, moment}));
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

}  // namespace

ResultSearch::ResultSearch(store::Connection& connection, const KeyScheme& scheme,
                           std::span<const PostingEdit> waiting)
    : connection_(connection), waiting_(waiting) {
  const TypeScheme& observation = scheme.of(type_number("Observation"));
  code_ = number_of(observation, "code");
  date_ = number_of(observation, "date");
  if (const ParameterUse* subject = observation.find("subject"); subject != nullptr) {
    for (const ParameterUse* part : subject->parts) subjects_.push_back(part->number);
  }
}

Result<void> ResultSearch::find(std::int64_t patient, const SystemCode& code, const ResultFacts& about,
                                Rows& rows) {
  std::int64_t number = 0;
  {
    std::string memory;
    store::Statement word = connection_.query(kWord, code_, stored_code(code.code, memory), code.system);
    const auto found = word.step();
    if (!found) return forward(found);
    if (!*found) return {};
    number = word.integer(0);
  }
  const Rows& waiting = waiting_of(patient);
  for (const PostingEdit& edit : waiting_) {
    const bool fits = edit.add && edit.key.parameter == code_ && edit.key.value == number;
    if (fits && std::binary_search(waiting.begin(), waiting.end(), edit.row)) rows.push_back(edit.row);
  }
  for (const auto day : days_of(about)) {
    const auto of_day = rows_of_day(patient, day);
    if (!of_day) return forward(of_day);
    PostingSource with_code(connection_, {code_, number});
    for (const auto row : **of_day) {
      const auto next = with_code.seek(row);
      if (!next) return forward(next);
      if (*next == row) rows.push_back(row);
      if (*next == kNoRow) break;
    }
  }
  return {};
}

// What the patient's list and the day's have in common.
Result<const Rows*> ResultSearch::rows_of_day(std::int64_t patient, std::int64_t day) {
  const auto [place, fresh] = days_.try_emplace(std::pair(patient, day));
  Rows& rows = place->second;
  if (!fresh) return &rows;
  for (const auto subject : subjects_) {
    std::vector<std::unique_ptr<RowSource>> lists;
    for (const PostingKey& key : {PostingKey{subject, patient}, PostingKey{date_, day}})
      lists.push_back(std::make_unique<PostingSource>(connection_, key));
    for (std::int64_t from = 0;; ++from) {
      const auto row = next_common(lists, from);
      if (!row) return forward(row);
      if (*row == kNoRow) break;
      from = *row;
      rows.push_back(from);
    }
  }
  std::sort(rows.begin(), rows.end());
  return &rows;
}

// Sorted.
const Rows& ResultSearch::waiting_of(std::int64_t patient) {
  const auto [place, fresh] = waiting_rows_.try_emplace(patient);
  Rows& rows = place->second;
  if (!fresh) return rows;
  for (const PostingEdit& edit : waiting_) {
    const bool is_subject =
        std::find(subjects_.begin(), subjects_.end(), edit.key.parameter) != subjects_.end();
    if (edit.add && is_subject && edit.key.value == patient) rows.push_back(edit.row);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace lienthong::repository::sqlite
