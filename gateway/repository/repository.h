#pragma once
// Versions of resources, their search keys, and for each element its event time and source.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/base/problem.h"
#include "gateway/base/result.h"
#include "gateway/repository/change.h"
#include "gateway/repository/prepared_claims.h"
#include "gateway/repository/rest.h"
#include "gateway/repository/search.h"
#include "gateway/repository/stored_version.h"
#include "gateway/store/job.h"
#include "gateway/store/migration.h"
#include "gateway/store/transaction.h"

namespace lienthong::repository {

// One repository on one store. Functions with a Transaction run on the writer thread, inside a job; those
// with a Connection on any thread with a connection of its own (a Reader, or the Transaction); the rest
// anywhere.
class Repository {
 public:
  virtual ~Repository() = default;

  // --- The pipeline ---
  virtual std::unique_ptr<Preparer> make_preparer() const = 0;

  // Merges the claims into what is stored (semantics 2 to 11). `message` is kept as meta.source, `now`
  // becomes meta.lastUpdated (never earlier than one given before). Applying the same claims again changes
  // nothing. The final state depends on the set of claims, not on their order. Wrong data become problems; an
  // Error means that the job must fail (and be rolled back). Consumes `claims`.
  virtual Result<ApplyOutcome> apply(store::Transaction& transaction, PreparedClaims& claims,
                                     const MessageNumber& message, Instant now, ProblemSink& problems) = 0;

  // --- REST ---
  // Reads and compresses the body on the caller's thread. Incorrect (LT-1501, 1510 … 1513), NotFound (1503).
  virtual Result<PreparedRest> prepare_rest(const RestRequest& request) const = 0;

  // An Error refuses the whole (a transaction Bundle is all or nothing; the job must return the Error so that
  // it is rolled back). In a batch each entry stands alone. Consumes `request`.
  virtual Result<RestOutcome> write(store::Transaction& transaction, PreparedRest& request, Instant now) = 0;

  // --- Reading ---
  // NotFound: LT-1502, deleted: LT-1504.
  virtual Result<StoredVersion> read(store::Connection& connection, std::string_view type,
                                     std::string_view id) const = 0;
  virtual Result<StoredVersion> read_version(store::Connection& connection, std::string_view type,
                                             std::string_view id, std::string_view version) const = 0;
  // By row, for delivery. A deleted resource is returned with `deleted` set.
  virtual Result<StoredVersion> read_row(store::Connection& connection, ResourceRow row) const = 0;
  virtual Result<StoredVersion> read_row_version(store::Connection& connection, ResourceRow row,
                                                 std::uint32_t version) const = 0;
  // The stored resources that `version` refers to ("reference":"Type/id" anywhere in it), each once; those
  // never stored are left out.
  virtual Result<std::vector<ResourceRow>> references_of(store::Connection& connection,
                                                         const StoredVersion& version) const = 0;

  // Incorrect: LT-1514 … 1516; NotFound: LT-1503. Run inside a Snapshot if the total must fit the page.
  virtual Result<SearchPage> search(store::Connection& connection, const SearchRequest& request) const = 0;
  virtual Result<HistoryPage> history(store::Connection& connection, const HistoryRequest& request) const = 0;

  // What search() can answer for a type, for the CapabilityStatement.
  virtual std::vector<SupportedParameter> search_parameters(std::string_view type) const = 0;
  // Live resources of a type, from a counter.
  virtual Result<std::uint64_t> count(store::Connection& connection, std::string_view type) const = 0;
  // How often each type occurs; types without resources are left out.
  struct TypeCount {
    std::string_view type;
    std::uint64_t count = 0;
  };
  virtual Result<std::vector<TypeCount>> counts(store::Connection& connection) const = 0;
  // Live Observations, for statistics that count each result once (semantics 16, 17): all that are no tied
  // copies and not made up.
  struct ResultCounts {
    std::uint64_t all = 0;
    std::uint64_t copies = 0;   // from insurance claims
    std::uint64_t tied = 0;     // of the copies: the result they are of is stored, too
    std::uint64_t made_up = 0;  // values that an exporter writes where it has none
    std::uint64_t counted_once() const { return all - tied - made_up; }
  };
  virtual Result<ResultCounts> result_counts(store::Connection& connection) const = 0;
  // To be added to the store before its first job: what search keys change is then written once a commit
  // instead of once a job. Works without, slower.
  virtual store::BatchHook& batch_hook() = 0;
  // Makes search keys anew that an earlier version of the program or other options made, some at a time
  // (about 10 ms). True: call again, in another job. Until it says false search() answers Busy (LT-1521).
  // Call after each start.
  virtual Result<bool> renew_keys(store::Transaction& transaction) = 0;
  // Versions made since the start, for /metrics; those of a job that was undone later count. Any thread.
  virtual std::uint64_t versions_made() const noexcept = 0;
};

struct RepositoryOptions {
  // Written before meta.source ("urn:uuid:" by default) to make it a URI.
  std::string_view source_prefix = "urn:uuid:";
  // East of Greenwich, of dates without a zone, in resources and searches (semantics 13).
  int zone_minutes = 0;
  // "https://example.org/fhir": absolute references to these are to this server's resources.
  std::vector<std::string> server_bases = {};
};

namespace sqlite {

// The tables, to be given to Store::open with those of the other rooms. Includes identity's.
std::vector<store::Migration> migrations();

// Never fails: what it needs of the store it reads with the first transaction.
std::unique_ptr<Repository> make_repository(const RepositoryOptions& options = {});

}  // namespace sqlite
}  // namespace lienthong::repository
