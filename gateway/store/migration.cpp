#include "gateway/store/migration.h"

#include <algorithm>
#include <map>
#include <string>

#include "gateway/store/error_numbers.h"
#include "gateway/store/sql.h"

namespace lienthong::store {
namespace {

using Versions = std::map<std::string, std::int64_t, std::less<>>;

const Sql kHasTable("SELECT 1 FROM sqlite_schema WHERE type='table' AND name='schema_version'");
const Sql kVersions("SELECT room, version FROM schema_version");
const Sql kSetVersion(
    "INSERT INTO schema_version(room, version) VALUES (?1, ?2) "
    "ON CONFLICT(room) DO UPDATE SET version=excluded.version");

Result<Versions> read_versions(Connection& connection) {
  Versions versions;
  {
    Statement has_table = connection.statement(kHasTable);
    const Result<bool> row = has_table.step();
    if (!row) return forward(row);
    if (!*row) return versions;
  }
  Statement statement = connection.statement(kVersions);
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row) return forward(row);
    if (!*row) return versions;
    versions[std::string(statement.text(0))] = statement.integer(1);
  }
}

Versions newest_known(std::span<const Migration> migrations) {
  Versions known;
  for (const Migration& migration : migrations) {
    std::int64_t& version = known[std::string(migration.room)];
    version = std::max<std::int64_t>(version, migration.version);
  }
  return known;
}

Result<void> refuse_newer(const Versions& stored, const Versions& known) {
  for (const auto& [room, version] : stored) {
    const auto found = known.find(room);
    if (found == known.end()) {
      return fail(Category::Unsupported, kSchemaTooNew,
                  "The store was written by a newer version of this program: it has tables of '" + room +
                      "', which this version does not know.");
    }
    if (version > found->second) {
      return fail(Category::Unsupported, kSchemaTooNew,
                  "The store was written by a newer version of this program: its tables of '" + room +
                      "' have version " + std::to_string(version) + ", this version knows up to " +
                      std::to_string(found->second) + ".");
    }
  }
  return {};
}

Result<void> apply(Connection& connection, const Migration& migration) {
  const Result<void> done = connection.execute(migration.sql);
  if (!done) {
    if (done.error().number != kStatementFailed) return done;  // the disk is full or failed: say that
    return fail(Category::Fault, kMigrationFailed,
                "Bringing the store's tables of '" + std::string(migration.room) + "' to version " +
                    std::to_string(migration.version) + " failed: " + done.error().text);
  }
  return connection.query(kSetVersion, migration.room, migration.version).run();
}

Result<void> apply_missing(Connection& connection, std::span<const Migration> migrations) {
  const Result<Versions> stored = read_versions(connection);
  if (!stored) return forward(stored);
  if (Result<void> fits = refuse_newer(*stored, newest_known(migrations)); !fits) return fits;
  Result<void> made = connection.execute(
      "CREATE TABLE IF NOT EXISTS schema_version(room TEXT PRIMARY KEY, version INTEGER NOT NULL) "
      "STRICT, WITHOUT ROWID");
  if (!made) return made;
  Versions now = *stored;
  for (const Migration& migration : migrations) {
    std::int64_t& version = now[std::string(migration.room)];
    if (migration.version <= version) continue;
    if (Result<void> done = apply(connection, migration); !done) return done;
    version = migration.version;
  }
  return {};
}

}  // namespace

Result<void> migrate(Connection& connection, std::span<const Migration> migrations) {
  if (Result<void> begun = connection.execute("BEGIN IMMEDIATE"); !begun) return begun;
  Result<void> done = apply_missing(connection, migrations);
  if (done) done = connection.execute("COMMIT");
  if (!done) static_cast<void>(connection.execute("ROLLBACK"));
  return done;
}

Result<void> check_schema(Connection& connection, std::span<const Migration> migrations) {
  const Result<Versions> stored = read_versions(connection);
  if (!stored) return forward(stored);
  return refuse_newer(*stored, newest_known(migrations));
}

}  // namespace lienthong::store
