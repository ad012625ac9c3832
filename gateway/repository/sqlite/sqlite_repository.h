#pragma once
// The repository on SQLite: wires the parts of this folder.

#include <atomic>
#include <memory>
#include <string>

#include "gateway/repository/repository.h"
#include "gateway/repository/sqlite/resource_keys.h"
#include "gateway/repository/sqlite/resource_table.h"
#include "gateway/repository/sqlite/search_plan.h"

namespace lienthong::repository::sqlite {

std::unique_ptr<Preparer> make_sqlite_preparer(std::shared_ptr<const KeyScheme> scheme);

class SqliteRepository final : public Repository {
 public:
  explicit SqliteRepository(const RepositoryOptions& options);

  std::unique_ptr<Preparer> make_preparer() const override { return make_sqlite_preparer(scheme_); }
  Result<ApplyOutcome> apply(store::Transaction& transaction, PreparedClaims& claims,
                             const MessageNumber& message, Instant now, ProblemSink& problems) override;
  Result<PreparedRest> prepare_rest(const RestRequest& request) const override;
  Result<RestOutcome> write(store::Transaction& transaction, PreparedRest& request, Instant now) override;

  Result<StoredVersion> read(store::Connection& connection, std::string_view type,
                             std::string_view id) const override;
  Result<StoredVersion> read_version(store::Connection& connection, std::string_view type,
                                     std::string_view id, std::string_view version) const override;
  Result<StoredVersion> read_row(store::Connection& connection, ResourceRow row) const override;
  Result<StoredVersion> read_row_version(store::Connection& connection, ResourceRow row,
                                         std::uint32_t version) const override;
  Result<std::vector<ResourceRow>> references_of(store::Connection& connection,
                                                 const StoredVersion& version) const override;
  Result<SearchPage> search(store::Connection& connection, const SearchRequest& request) const override;
  Result<HistoryPage> history(store::Connection& connection, const HistoryRequest& request) const override;
  std::vector<SupportedParameter> search_parameters(std::string_view type) const override;
  Result<std::uint64_t> count(store::Connection& connection, std::string_view type) const override;
  Result<std::vector<TypeCount>> counts(store::Connection& connection) const override;
  Result<ResultCounts> result_counts(store::Connection& connection) const override;
  store::BatchHook& batch_hook() override { return table_; }
  Result<bool> renew_keys(store::Transaction& transaction) override;
  std::uint64_t versions_made() const noexcept override { return table_.versions(); }

  // search() inside a job: sees what the job and those before it wrote. Incorrect (LT-1515) for a question
  // that would hold up the writer.
  Result<SearchPage> search_inside_job(store::Transaction& transaction, const SearchRequest& request) const;

 private:
  // Busy (LT-1521) while keys are made anew.
  Result<SearchPlan> plan_search(store::Connection& connection, const SearchRequest& request) const;

  std::string source_prefix_;
  std::shared_ptr<const KeyScheme> scheme_;
  ResourceTable table_;                            // writer thread only, but for versions()
  mutable std::atomic<bool> keys_current_{false};  // once true, it stays
};

}  // namespace lienthong::repository::sqlite
