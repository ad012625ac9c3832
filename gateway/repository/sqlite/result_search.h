#pragma once
// Stored results that a claims copy may be one of, by the search keys, also by those that wait to be written.

#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "gateway/repository/sqlite/key_scheme.h"
#include "gateway/repository/sqlite/posting_reader.h"
#include "gateway/repository/sqlite/result_facts.h"

namespace lienthong::repository::sqlite {

// Inside one job.
class ResultSearch {
 public:
  // All must outlive it; nothing may be written meanwhile.
  ResultSearch(store::Connection& connection, const KeyScheme& scheme, std::span<const PostingEdit> waiting);

  // Adds the Observations of the patient with the code whose time may lie within kTieSpan of `about`, and
  // perhaps others: they are candidates only.
  Result<void> find(std::int64_t patient, const SystemCode& code, const ResultFacts& about, Rows& rows);

 private:
  Result<const Rows*> rows_of_day(std::int64_t patient, std::int64_t day);
  const Rows& waiting_of(std::int64_t patient);

  store::Connection& connection_;
  std::span<const PostingEdit> waiting_;
  std::vector<ParameterNumber> subjects_;  // where `subject` is kept
  ParameterNumber code_ = 0, date_ = 0;
  std::map<std::int64_t, Rows> waiting_rows_;                   // by patient
  std::map<std::pair<std::int64_t, std::int64_t>, Rows> days_;  // by patient and date_value()
};

}  // namespace lienthong::repository::sqlite
