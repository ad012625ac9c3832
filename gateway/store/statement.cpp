#include "gateway/store/statement.h"

#include <sqlite3.h>

#include <cstring>
#include <utility>

#include "gateway/store/connection.h"

namespace lienthong::store {

Statement::Statement(Connection* connection, sqlite3_stmt* statement, bool* in_use, int error) noexcept
    : connection_(connection), statement_(statement), in_use_(in_use), error_(error) {}

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_),
      statement_(std::exchange(other.statement_, nullptr)),
      in_use_(std::exchange(other.in_use_, nullptr)),
      error_(other.error_) {}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  if (in_use_ == nullptr) {
    sqlite3_finalize(statement_);
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);  // no pointer to a caller's bytes stays behind
  *in_use_ = false;
}

void Statement::bind(int index, std::int64_t value) noexcept {
  if (statement_ != nullptr) note(sqlite3_bind_int64(statement_, index, value));
}

void Statement::bind(int index, double value) noexcept {
  if (statement_ != nullptr) note(sqlite3_bind_double(statement_, index, value));
}

void Statement::bind(int index, std::string_view text) noexcept {
  if (statement_ == nullptr) return;
  const char* data = text.data() == nullptr ? "" : text.data();  // a null pointer would bind NULL
  note(sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind(int index, Blob blob) noexcept {
  if (statement_ == nullptr) return;
  const char* data = blob.bytes.data() == nullptr ? "" : blob.bytes.data();
  note(sqlite3_bind_blob64(statement_, index, data, blob.bytes.size(), SQLITE_STATIC));
}

void Statement::bind(int index, std::nullptr_t) noexcept {
  if (statement_ != nullptr) note(sqlite3_bind_null(statement_, index));
}

void Statement::bind(int index, const Uuid& uuid) noexcept {
  if (statement_ == nullptr) return;
  note(sqlite3_bind_blob64(statement_, index, uuid.bytes.data(), uuid.bytes.size(), SQLITE_STATIC));
}

Result<bool> Statement::step() noexcept {
  if (error_ != 0) return Failure(connection_->error_for(error_));
  const int code = connection_->after_step(sqlite3_step(statement_));
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  Error error = connection_->error_for(code);
  sqlite3_reset(statement_);
  return Failure(std::move(error));
}

Result<void> Statement::run() noexcept {
  for (;;) {
    const Result<bool> row = step();
    if (!row) return forward(row);
    if (!*row) break;
  }
  sqlite3_reset(statement_);
  return {};
}

void Statement::reset() noexcept {
  if (statement_ != nullptr) sqlite3_reset(statement_);
}

std::int64_t Statement::integer(int column) const noexcept {
  return sqlite3_column_int64(statement_, column);
}

double Statement::real(int column) const noexcept {
  return sqlite3_column_double(statement_, column);
}

std::string_view Statement::text(int column) const noexcept {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string_view Statement::blob(int column) const noexcept {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Uuid Statement::uuid(int column) const noexcept {
  Uuid uuid;
  const std::string_view bytes = blob(column);
  if (bytes.size() == uuid.bytes.size()) std::memcpy(uuid.bytes.data(), bytes.data(), bytes.size());
  return uuid;
}

bool Statement::is_null(int column) const noexcept {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

}  // namespace lienthong::store
