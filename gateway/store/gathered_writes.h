#pragma once
// Internal to store: SQLite writes each page of a commit by two system calls, its frame's header and the page
// (sqlite.org/fileformat2.html §4.1). Through this VFS what follows one another in the WAL is gathered, and
// written by one call when the WAL is synced.

#include <memory>
#include <string>

namespace lienthong::store {

// A VFS over another, for one connection with synchronous=FULL: then the WAL is synced before a commit is
// shown to others, and nobody else reads what is only gathered. The connection itself reads what it wrote.
// At most 120 KiB are gathered. What could not be written is told where SQLite next writes, reads or syncs;
// what is left when the writer's lock is given back belongs to no commit and is dropped. Only the WAL goes
// through it; the calls of all other files are the other VFS's own.
class GatheredWrites {
 public:
  // `over`: the name of a registered VFS; "" = the default.
  explicit GatheredWrites(const std::string& over);
  // After the connection is closed.
  ~GatheredWrites();
  GatheredWrites(const GatheredWrites&) = delete;
  GatheredWrites& operator=(const GatheredWrites&) = delete;

  // To open the connection with. Unique in the process; `over` when there is no such VFS.
  const std::string& name() const noexcept { return name_; }

 private:
  struct Vfs;
  std::string name_;
  std::unique_ptr<Vfs> vfs_;
};

}  // namespace lienthong::store
