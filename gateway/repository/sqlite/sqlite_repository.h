#pragma once
// The repository on SQLite: wires the parts of this folder.

#include <memory>
#include <string>

#include "gateway/repository/repository.h"
#include "gateway/repository/sqlite/resource_table.h"

namespace lienthong::repository::sqlite {

std::unique_ptr<Preparer> make_sqlite_preparer();

class SqliteRepository final : public Repository {
 public:
  explicit SqliteRepository(const RepositoryOptions& options) : source_prefix_(options.source_prefix) {}

  std::unique_ptr<Preparer> make_preparer() const override { return make_sqlite_preparer(); }
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
  std::uint64_t versions_made() const noexcept override { return table_.versions(); }

 private:
  std::string source_prefix_;
  ResourceTable table_;  // writer thread only, but for versions()
};

}  // namespace lienthong::repository::sqlite
