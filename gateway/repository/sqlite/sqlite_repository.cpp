#include "gateway/repository/sqlite/sqlite_repository.h"

#include "gateway/repository/sqlite/claim_applier.h"
#include "gateway/repository/sqlite/result_ties.h"

namespace lienthong::repository::sqlite {

SqliteRepository::SqliteRepository(const RepositoryOptions& options)
    : source_prefix_(options.source_prefix),
      scheme_(std::make_shared<const KeyScheme>(
          fhir::search::KeyOptions{options.zone_minutes, options.server_bases})),
      table_(scheme_) {}

Result<bool> SqliteRepository::renew_keys(store::Transaction& transaction) {
  return table_.rekey_slice(transaction);
}

Result<ApplyOutcome> SqliteRepository::apply(store::Transaction& transaction, PreparedClaims& claims,
                                             const MessageNumber& message, Instant now,
                                             ProblemSink& problems) {
  if (claims.empty()) return ApplyOutcome();
  if (const auto begun = table_.begin(transaction, now); !begun) return forward(begun);
  ClaimApplier applier(transaction, table_, *claims.content(), message, problems);
  auto outcome = applier.run();
  if (!outcome) return outcome;
  const auto tied = settle_ties(transaction, table_, message, &problems, outcome->changes);
  if (!tied) return forward(tied);
  if (const auto ended = table_.end(transaction); !ended) return forward(ended);
  return outcome;
}

std::unique_ptr<Repository> make_repository(const RepositoryOptions& options) {
  return std::make_unique<SqliteRepository>(options);
}

}  // namespace lienthong::repository::sqlite
