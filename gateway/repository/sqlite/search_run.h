#pragma once
// A planned search on one connection: lists of rows are met, what they leave open the resources themselves
// answer, page by page.

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "gateway/repository/sqlite/candidates.h"
#include "gateway/repository/sqlite/cursor.h"
#include "gateway/repository/sqlite/resource_table.h"
#include "gateway/repository/sqlite/search_plan.h"

namespace lienthong::repository::sqlite {

// Runs once.
class SearchRun {
 public:
  // All must outlive the run.
  SearchRun(store::Connection& connection, const std::shared_ptr<const KeyScheme>& scheme, SearchPlan& plan,
            std::string_view source_prefix)
      : connection_(connection), scheme_(scheme), plan_(plan), source_prefix_(source_prefix) {}

  // Inside a job: `waiting` is what the lists will be changed by; no more than `most` resources are looked
  // at, so that a condition never holds up the writer (LT-1515).
  void inside_job(std::span<const PostingEdit> waiting, std::uint64_t most) {
    waiting_ = waiting;
    most_looked_at_ = most;
  }

  // Incorrect (LT-1516): a cursor of another search.
  Result<SearchPage> run(std::string_view cursor);

 private:
  struct Hit {
    std::int64_t order = 0;  // what the order compares first
    std::int64_t row = 0;
    auto operator<=>(const Hit&) const = default;
  };

  // A filter's rows, and how many.
  struct Choice {
    Candidates candidates;
    std::int64_t size = 0;
    const fhir::search::SearchValues* values = nullptr;
  };

  // --- Which rows ---
  Result<void> choose_sources();
  Result<void> add_choices(std::vector<Choice>& choices, std::int64_t shortest);
  Result<std::int64_t> size_of(const Candidates& candidates);
  Result<void> add_source(Candidates&& candidates);
  Result<void> add_ids(const std::vector<std::string>& ids);
  Result<void> add_messages(const std::vector<Uuid>& messages);
  // The first of those that also holds when looked at, which is loaded then; kNoRow: none.
  Result<std::int64_t> next_match(std::int64_t from);
  bool everything_is_listed() const {
    return checks_.empty() && plan_.updated.empty() && plan_.sources.empty();
  }

  // --- In the order of creation ---
  Result<void> by_rows();
  Result<std::uint64_t> count_rows();
  Result<void> page_of_rows();

  // --- Sorted by change ---
  Result<void> by_changes();
  Result<void> take_page(const std::vector<Hit>& hits);

  // --- Along the changes of the type ---
  Result<void> along_changes();
  Result<std::uint64_t> count_changes();
  Result<void> walk();
  Result<std::int64_t> first_change_at(std::int64_t micros);
  Result<std::int64_t> walk_start(bool down);

  // --- One row ---
  // The record if it answers to everything; with its body unpacked.
  Result<bool> load(std::int64_t row);
  Result<bool> answers(const Head& head);
  Result<void> show();

  store::Connection& connection_;
  const std::shared_ptr<const KeyScheme>& scheme_;
  SearchPlan& plan_;
  std::string_view source_prefix_;
  std::span<const PostingEdit> waiting_;
  std::vector<std::unique_ptr<RowSource>> sources_;
  std::vector<const fhir::search::SearchValues*> checks_;
  std::uint64_t looked_at_ = 0, most_looked_at_ = UINT64_MAX;
  std::optional<ListRange> only_list_;  // the whole answer is this list
  std::optional<Cursor> after_;
  Record record_;
  std::string body_;
  SearchPage page_;
};

}  // namespace lienthong::repository::sqlite
