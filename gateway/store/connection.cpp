#include "gateway/store/connection.h"

#include <sqlite3.h>

#include <utility>

#include "gateway/store/error_numbers.h"

namespace lienthong::store {
namespace {

// A path as part of a file: URI (the only way to ask for immutable).
std::string uri_of(const std::string& path) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string uri = "file:";
  for (const char c : path) {
    if (c != '%' && c != '?' && c != '#') {
      uri += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    uri += '%';
    uri += kHex[byte >> 4];
    uri += kHex[byte & 15];
  }
  return uri + "?immutable=1";
}

int flags_of(Connection::Mode mode) {
  switch (mode) {
    case Connection::Mode::Create:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    case Connection::Mode::ReadWrite:
      return SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    case Connection::Mode::ReadOnly:
      return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    case Connection::Mode::Immutable:
      return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
  }
  return SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
}

// SQLite's messages name tables and columns, never values.
std::string message_of(sqlite3* database, int code) {
  if (database != nullptr && sqlite3_extended_errcode(database) == code) return sqlite3_errmsg(database);
  return sqlite3_errstr(code);
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Mode mode,
                                                     const std::string& vfs) {
  sqlite3* database = nullptr;
  const std::string name = mode == Mode::Immutable ? uri_of(path) : path;
  const int code =
      sqlite3_open_v2(name.c_str(), &database, flags_of(mode), vfs.empty() ? nullptr : vfs.c_str());
  std::unique_ptr<Connection> connection(new Connection(database));
  if (code != SQLITE_OK) {
    return fail(Category::Fault, kFileProblem,
                "The database file " + path + " cannot be opened: " + message_of(database, code) + ".");
  }
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, 5'000);
  return connection;
}

Connection::Connection(Connection&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)), cache_(std::move(other.cache_)) {}

Connection::~Connection() {
  for (const auto& cached : cache_) {
    if (cached != nullptr) sqlite3_finalize(cached->statement);
  }
  sqlite3_close_v2(database_);
}

Connection::Cached* Connection::cached(const Sql& sql, int& error) noexcept {
  if (sql.index() >= cache_.size()) cache_.resize(sql.index() + 16);
  auto& slot = cache_[sql.index()];
  if (slot == nullptr) slot = std::make_unique<Cached>();
  if (slot->statement == nullptr) {
    error = sqlite3_prepare_v3(database_, sql.text().data(), static_cast<int>(sql.text().size()),
                               SQLITE_PREPARE_PERSISTENT, &slot->statement, nullptr);
  }
  return slot.get();
}

Statement Connection::statement(const Sql& sql) noexcept {
  before_statement();
  int error = SQLITE_OK;
  Cached* slot = cached(sql, error);
  if (slot->statement == nullptr) return Statement(this, nullptr, nullptr, error == 0 ? SQLITE_ERROR : error);
  if (slot->in_use) return prepare(sql.text());
  slot->in_use = true;
  return Statement(this, slot->statement, &slot->in_use, SQLITE_OK);
}

Statement Connection::prepare(std::string_view text) noexcept {
  before_statement();
  sqlite3_stmt* statement = nullptr;
  int error =
      sqlite3_prepare_v3(database_, text.data(), static_cast<int>(text.size()), 0, &statement, nullptr);
  if (error == SQLITE_OK && statement == nullptr) error = SQLITE_ERROR;  // empty text
  return Statement(this, statement, nullptr, error);
}

Result<void> Connection::execute(const char* script) noexcept {
  const int code = after_step(sqlite3_exec(database_, script, nullptr, nullptr, nullptr));
  if (code != SQLITE_OK) return Failure(error_for(code));
  return {};
}

Error Connection::error_for(int code) const {
  const std::string why = message_of(database_, code);
  if (code == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE) {
    return {Category::Busy, kDiskFull, "The disk that holds the store is full."};
  }
  switch (code & 0xff) {
    case SQLITE_IOERR:
      return {Category::Fault, kStoreFailed, "Reading or writing the store's disk failed: " + why + "."};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Category::Fault, kStoreCorrupt, "The store's file is damaged: " + why + "."};
    case SQLITE_CONSTRAINT:
      return {Category::Conflict, kConstraint, "The store refused a row: " + why + "."};
    case SQLITE_INTERRUPT:
      return {Category::Interrupted, kReadTooLong, "A read of the store took longer than it may."};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Category::Busy, kStoreInUse, "Another program holds the store: " + why + "."};
    default:
      return {Category::Fault, kStatementFailed, "A statement failed in the store: " + why + "."};
  }
}

}  // namespace lienthong::store
