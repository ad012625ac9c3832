#include "gateway/delivery/backfill.h"

#include <string>
#include <vector>

namespace lienthong::delivery {
namespace {

const store::Sql kDone("SELECT clearance FROM backfill WHERE destination=?1");
const store::Sql kMarkDone(
    "INSERT OR REPLACE INTO backfill(destination, next_resource, clearance) VALUES(?1, 0, ?2)");

constexpr std::uint32_t kSlice = 500;

// Where the destination has the rest: what only a clearance lets pass.
std::vector<Change> current_versions(const repository::HistoryPage& page, bool labelled_only) {
  static const Clearance kNone;
  std::vector<Change> changes;
  for (const auto& version : page.versions) {
    if (labelled_only && kNone.lets_pass(version.json)) continue;
    // Only the current version of a resource carries a change number.
    if (version.change != 0)
      changes.push_back({version.row, version.type, Lane{version.lane.value}, version.change, version.test});
  }
  return changes;
}

}  // namespace

Result<void> backfill(store::Store& store, Outbox& outbox, const repository::Repository& repository,
                      store::Connection& connection, DestinationId destination, const Clearance& clearance,
                      const Clock& clock) {
  bool caught_up = false;
  {
    auto statement = connection.query(kDone, destination);
    auto done = statement.step();
    if (!done) return forward(done);
    caught_up = *done;
    if (caught_up && statement.text(0) == clearance.text()) return {};
  }
  repository::HistoryRequest request;
  request.count = kSlice;
  std::string cursor;
  do {
    request.cursor = cursor;
    auto page = repository.history(connection, request);
    if (!page) return forward(page);
    const auto changes = current_versions(*page, caught_up);
    auto added = store.submit_and_wait([&](store::Transaction& transaction) {
      return outbox.add_for(transaction, destination, changes, clock.now());
    });
    if (!added) return added;
    cursor = page->next;
  } while (!cursor.empty());
  return store.submit_and_wait([&](store::Transaction& transaction) {
    return transaction.run(kMarkDone, destination, clearance.text());
  });
}

}  // namespace lienthong::delivery
