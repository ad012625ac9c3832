#pragma once
// A prepared statement on loan: bind, step, read columns. Gives itself back (reset, bindings cleared) when it
// ends.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

#include "gateway/base/ids.h"
#include "gateway/base/result.h"

struct sqlite3_stmt;

namespace lienthong::store {

class Connection;

// Bytes to bind as a BLOB (a plain string_view binds as TEXT).
struct Blob {
  std::string_view bytes;
};

// One thread: that of its connection, which must outlive it. Bound texts and blobs are NOT copied: they must
// live until the statement ends or is bound anew. A failed prepare or bind is kept and returned by the next
// step().
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Parameters count from 1, as ?1 in SQL.
  void bind(int index, std::int64_t value) noexcept;
  void bind(int index, double value) noexcept;
  void bind(int index, std::string_view text) noexcept;
  void bind(int index, Blob blob) noexcept;
  void bind(int index, std::nullptr_t) noexcept;
  void bind(int index, const char* text) noexcept { bind(index, std::string_view(text)); }
  void bind(int index, const Uuid& uuid) noexcept;  // as a BLOB of 16 bytes; `uuid` must live as texts do
  template <class T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>)
  void bind(int index, T value) noexcept {
    bind(index, static_cast<std::int64_t>(value));
  }
  template <class Tag, class Value>
  void bind(int index, const StrongId<Tag, Value>& id) noexcept {
    bind(index, id.value);
  }
  template <class T>
  void bind(int index, const std::optional<T>& value) noexcept {
    if (value) {
      bind(index, *value);
    } else {
      bind(index, nullptr);
    }
  }
  template <class... Args>
  void bind_all(const Args&... args) noexcept {
    int index = 0;
    (bind(++index, args), ...);
  }

  // true: a row is ready; false: done. Errors: Busy (disk full), Conflict (constraint), Interrupted (reader's
  // limit), Fault.
  Result<bool> step() noexcept;
  // For statements without rows: steps to the end and resets, so it can be bound and run again.
  Result<void> run() noexcept;
  // Makes it ready to be bound and stepped anew; bindings stay until overwritten.
  void reset() noexcept;

  // Columns count from 0 and are valid until the next step(), reset() or the end. No conversion surprises: a
  // NULL gives 0 or an empty view.
  std::int64_t integer(int column) const noexcept;
  double real(int column) const noexcept;
  std::string_view text(int column) const noexcept;
  std::string_view blob(int column) const noexcept;
  Uuid uuid(int column) const noexcept;  // all zero when the column is not 16 bytes
  bool is_null(int column) const noexcept;
  template <class Id>
  Id id(int column) const noexcept {
    return Id{static_cast<decltype(Id::value)>(integer(column))};
  }

 private:
  friend class Connection;
  Statement(Connection* connection, sqlite3_stmt* statement, bool* in_use, int error) noexcept;
  void note(int code) noexcept {
    if (error_ == 0) error_ = code;
  }

  Connection* connection_;
  sqlite3_stmt* statement_;
  bool* in_use_;  // the cache's mark; nullptr: not cached, finalized at the end
  int error_;     // SQLite's code of the first failed prepare or bind
};

}  // namespace lienthong::store
