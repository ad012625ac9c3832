#pragma once
// The right to write, given to a job for as long as it runs on the writer thread.

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/store/connection.h"

namespace lienthong::store {

// Only on the writer thread, only inside the job or hook it was given to; never keep a reference.
// Returning an Error from the job undoes its writes and no other's.
class Transaction : public Connection {
 public:
  // Runs a statement that returns no rows.
  template <class... Args>
  Result<void> run(const Sql& sql, const Args&... args) noexcept {
    Statement bound = query(sql, args...);
    return bound.run();
  }
  // The id of one of a few names kept in a table (kinds, profiles, codes): `find` is SELECT id … WHERE
  // name=?1, `add` INSERT … (name) VALUES (?1). Remembered in memory until something is undone, so mostly
  // without a statement.
  Result<std::int64_t> remembered_id(const Sql& find, const Sql& add, std::string_view name);
  // Row of the last INSERT into a rowid table.
  std::int64_t last_insert_rowid() const noexcept;
  // Rows changed by the last INSERT, UPDATE or DELETE.
  std::int64_t changes() const noexcept;

 protected:
  explicit Transaction(Connection&& connection) noexcept : Connection(std::move(connection)) {}
  // After anything was undone: a name added meanwhile may be gone.
  void forget_ids() noexcept { remembered_.clear(); }

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const noexcept {
      return std::hash<std::string_view>()(name);
    }
  };
  using Names = std::unordered_map<std::string, std::int64_t, NameHash, std::equal_to<>>;
  std::unordered_map<std::size_t, Names> remembered_;  // by the index of `find`
};

}  // namespace lienthong::store
