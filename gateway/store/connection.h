#pragma once
// What reading code needs of the database: statements. Both a Transaction and a Reader are Connections, so a
// lookup written once serves the writer and the API.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/store/sql.h"
#include "gateway/store/statement.h"

struct sqlite3;

namespace lienthong::store {

// One thread at a time.
class Connection {
 public:
  enum class Mode : std::uint8_t {
    Create,     // read and write, made if absent
    ReadWrite,  // read and write, must exist
    ReadOnly,   // must exist; sees and joins the WAL
    Immutable,  // must exist and not change: a backup file; no locks, no side files
  };

  // `vfs`: a registered SQLite VFS, "" = the default one.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, Mode mode, const std::string& vfs);

  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection();

  // The cached statement of `sql`, ready to be bound. Using the same one while it is on loan works (a second
  // one is prepared for the while). Never fails here: step() does.
  Statement statement(const Sql& sql) noexcept;
  // The same with all parameters bound in order.
  template <class... Args>
  Statement query(const Sql& sql, const Args&... args) noexcept {
    Statement bound = statement(sql);
    bound.bind_all(args...);
    return bound;
  }
  // A statement built at run time (searches); not cached. `text` only from our own parts, values only bound.
  Statement prepare(std::string_view text) noexcept;

  // Runs a script of several statements; for set-up and migrations, not for the data plane.
  Result<void> execute(const char* script) noexcept;

  // SQLite's own handle, for .cpp files of gateway/store only.
  sqlite3* handle() const noexcept { return database_; }

  // Why the last call on this connection failed, as an Error without values.
  Error error_for(int code) const;

 protected:
  explicit Connection(sqlite3* database) noexcept : database_(database) {}
  // Takes over the handle of `other`.
  explicit Connection(Connection&& other) noexcept;
  // Called before a statement is lent; a Reader renews its time limit here.
  virtual void before_statement() noexcept {}
  // Called after a row or the end, with SQLite's code; may turn a row into an interruption.
  virtual int after_step(int code) noexcept { return code; }

 private:
  friend class Statement;
  struct Cached {
    sqlite3_stmt* statement = nullptr;
    bool in_use = false;
  };
  Cached* cached(const Sql& sql, int& error) noexcept;

  sqlite3* database_;
  std::vector<std::unique_ptr<Cached>> cache_;  // by Sql::index()
};

}  // namespace lienthong::store
