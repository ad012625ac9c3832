#include <sqlite3.h>

#include "gateway/store/error_numbers.h"
#include "gateway/store/file_steps.h"
#include "gateway/store/maintenance.h"
#include "gateway/store/setup.h"

namespace lienthong::store {
namespace {

constexpr int kPagesAStep = 1'024;

const Sql kFirstRead("SELECT count(*) FROM sqlite_schema");

// `from` holds a snapshot, so the writer's commits do not start the copy anew.
Result<void> copy_pages(Connection& from, Connection& to, const Progress& progress) {
  sqlite3_backup* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (backup == nullptr) return Failure(to.error_for(sqlite3_extended_errcode(to.handle())));
  int code = SQLITE_OK;
  while (code == SQLITE_OK) {
    code = sqlite3_backup_step(backup, kPagesAStep);
    const int all = sqlite3_backup_pagecount(backup);
    if (progress) {
      progress(static_cast<std::uint64_t>(all - sqlite3_backup_remaining(backup)),
               static_cast<std::uint64_t>(all));
    }
  }
  sqlite3_backup_finish(backup);
  if (code != SQLITE_DONE) return Failure(to.error_for(code));
  return {};
}

Result<void> copy_to(Connection& from, const std::string& part, const Progress& progress) {
  auto to = Connection::open(part, Connection::Mode::Create, "");
  if (!to) return forward(to);
  // The copy counts only when it is whole, so SQLite need not be able to undo or sync it.
  Result<void> done = (*to)->execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
  if (done) done = copy_pages(from, **to, progress);
  return done;
}

}  // namespace

Result<void> backup_store(const std::string& path, const std::string& target, const Progress& progress) {
  auto from = Connection::open(path, Connection::Mode::ReadOnly, "");
  if (!from) return forward(from);
  if (Result<void> ours = check_identity(**from); !ours) return ours;
  if (Result<void> begun = (*from)->execute("BEGIN"); !begun) return begun;
  if (Result<void> read = (*from)->statement(kFirstRead).run(); !read) return read;
  const std::string part = target + ".part";
  Result<void> done = remove_file(part);
  if (done) done = copy_to(**from, part, progress);
  if (done) done = sync_file(part);
  if (done) done = rename_durably(part, target);
  if (!done) static_cast<void>(remove_file(part));
  return done;
}

}  // namespace lienthong::store
