#include "gateway/store/setup.h"

#include <chrono>
#include <cstring>

#include "gateway/store/error_numbers.h"
#include "gateway/store/sql.h"

namespace lienthong::store {
namespace {

constexpr Migration kOwn[] = {{"store", 1, R"sql(
CREATE TABLE value(key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
-- AUTOINCREMENT: the number of a removed name is never given to another.
CREATE TABLE source(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE facility(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE destination(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
PRAGMA application_id=0x4c547374;
)sql"}};

const Sql kGetApplicationId("PRAGMA application_id");
const Sql kCountTables("SELECT count(*) FROM sqlite_schema");
const Sql kGetInstallation("SELECT value FROM value WHERE key='store.installation'");
const Sql kSetInstallation("INSERT INTO value(key, value) VALUES ('store.installation', ?1)");

Result<std::int64_t> one_integer(Connection& connection, const Sql& sql) {
  Statement statement = connection.statement(sql);
  const Result<bool> row = statement.step();
  if (!row) return forward(row);
  return statement.integer(0);
}

// Before the first table only: afterwards SQLite ignores both.
constexpr char kLayout[] = "PRAGMA page_size=4096; PRAGMA auto_vacuum=INCREMENTAL;";

}  // namespace

std::vector<Migration> with_own_tables(std::span<const Migration> migrations) {
  std::vector<Migration> all(std::begin(kOwn), std::end(kOwn));
  all.insert(all.end(), migrations.begin(), migrations.end());
  return all;
}

Result<bool> is_empty(Connection& connection) {
  const Result<std::int64_t> tables = one_integer(connection, kCountTables);
  if (!tables) return forward(tables);
  return *tables == 0;
}

Result<void> check_identity(Connection& connection) {
  const Failure not_ours = fail(Category::Incorrect, kNotAStore,
                                "The file is no store of this program; nothing in it was changed.");
  const Result<bool> empty = is_empty(connection);
  if (!empty)
    return empty.error().number == kStoreCorrupt ? Result<void>(not_ours) : Result<void>(forward(empty));
  const Result<std::int64_t> id = one_integer(connection, kGetApplicationId);
  if (!id) return forward(id);
  if (*id == kApplicationId || (*id == 0 && *empty)) return {};
  return not_ours;
}

Result<void> set_durable(Connection& connection) {
  return connection.execute(
      "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA foreign_keys=OFF; PRAGMA "
      "temp_store=MEMORY;");
}

Result<std::unique_ptr<Connection>> open_for_writing(const std::string& path, const std::string& vfs,
                                                     std::span<const Migration> migrations) {
  auto opened = Connection::open(path, Connection::Mode::Create, vfs);
  if (!opened) return opened;
  Connection& connection = **opened;
  Result<void> done = check_identity(connection);
  if (done && is_empty(connection).value_or(false)) done = connection.execute(kLayout);
  if (done) done = connection.execute("PRAGMA journal_mode=WAL");
  if (done) done = set_durable(connection);
  if (done) done = migrate(connection, with_own_tables(migrations));
  if (!done) return forward(done);
  return opened;
}

Result<Uuid> installation_id(Connection& connection) {
  {
    Statement get = connection.statement(kGetInstallation);
    const Result<bool> row = get.step();
    if (!row) return forward(row);
    if (*row) return get.uuid(0);
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  const Uuid minted = new_uuid_v7(static_cast<std::uint64_t>(milliseconds));
  const Result<void> set = connection.query(kSetInstallation, minted).run();
  if (!set) return forward(set);
  return minted;
}

}  // namespace lienthong::store
