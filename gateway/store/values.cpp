#include "gateway/store/values.h"

namespace lienthong::store {
namespace {

const Sql kSet(
    "INSERT INTO value(key, value) VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET value=excluded.value");
const Sql kRemove("DELETE FROM value WHERE key=?1");
const Sql kGet("SELECT value FROM value WHERE key=?1");

}  // namespace

Result<void> set_value(Transaction& transaction, std::string_view key, std::string_view value) {
  return transaction.run(kSet, key, Blob{value});
}

Result<void> remove_value(Transaction& transaction, std::string_view key) {
  return transaction.run(kRemove, key);
}

Result<std::optional<std::string>> get_value(Connection& connection, std::string_view key) {
  Statement statement = connection.query(kGet, key);
  const Result<bool> row = statement.step();
  if (!row) return forward(row);
  if (!*row) return std::optional<std::string>();
  return std::optional<std::string>(std::string(statement.blob(0)));
}

}  // namespace lienthong::store
