#include "gateway/delivery/schema.h"

#include <array>

namespace lienthong::delivery {
namespace {

// outbox_resource: per destination the set of changed resources; a second change of one only moves `change`
// on. outbox_message: per destination the messages to pass on where no repository is kept; every one counts.
// `entry` ascends with the first change, so the head of the table is what waits longest.
constexpr std::array<store::Migration, 2> kMigrations = {{
    {"delivery", 1, R"sql(
CREATE TABLE outbox_resource(
  entry INTEGER PRIMARY KEY, destination INTEGER NOT NULL, lane INTEGER NOT NULL, resource INTEGER NOT NULL,
  change INTEGER NOT NULL, first_at INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX outbox_resource_of ON outbox_resource(destination, resource);
CREATE TABLE outbox_message(
  entry INTEGER PRIMARY KEY, destination INTEGER NOT NULL, lane INTEGER NOT NULL, message INTEGER NOT NULL,
  first_at INTEGER NOT NULL) STRICT;
CREATE TABLE dead_letter(
  row INTEGER PRIMARY KEY, destination INTEGER NOT NULL, lane INTEGER NOT NULL, resource INTEGER, message INTEGER,
  change INTEGER NOT NULL, at INTEGER NOT NULL, status INTEGER NOT NULL, reason TEXT NOT NULL) STRICT;
CREATE INDEX dead_letter_of ON dead_letter(destination, resource);
CREATE TABLE backfill(destination INTEGER PRIMARY KEY, next_resource INTEGER NOT NULL) STRICT;
)sql"},
    // What the destination was cleared for when it was caught up (semantics 18).
    {"delivery", 2, "ALTER TABLE backfill ADD COLUMN clearance TEXT NOT NULL DEFAULT ''"},
}};

}  // namespace

std::span<const store::Migration> migrations() noexcept {
  return kMigrations;
}

}  // namespace lienthong::delivery
