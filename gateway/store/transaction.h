#pragma once
// The right to write, given to a job for as long as it runs on the writer thread.

#include "gateway/store/connection.h"

namespace lienthong::store {

// Only on the writer thread, only inside the job or hook it was given to; never keep a reference.
// The job's writes stand in a SAVEPOINT of their own: returning an Error from the job undoes them alone.
class Transaction : public Connection {
 public:
  // Runs a statement that returns no rows.
  template <class... Args>
  Result<void> run(const Sql& sql, const Args&... args) noexcept {
    Statement bound = query(sql, args...);
    return bound.run();
  }
  // Row of the last INSERT into a rowid table.
  std::int64_t last_insert_rowid() const noexcept;
  // Rows changed by the last INSERT, UPDATE or DELETE.
  std::int64_t changes() const noexcept;

 protected:
  explicit Transaction(Connection&& connection) noexcept : Connection(std::move(connection)) {}
};

}  // namespace lienthong::store
