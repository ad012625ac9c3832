#include "gateway/store/check.h"
#include "gateway/store/error_numbers.h"
#include "gateway/store/file_lock.h"
#include "gateway/store/file_steps.h"
#include "gateway/store/maintenance.h"
#include "gateway/store/setup.h"

namespace lienthong::store {
namespace {

Result<void> check_backup(const std::string& backup, std::span<const Migration> migrations) {
  // Immutable: the file may lie on a medium that cannot be written, and needs no side files.
  auto opened = Connection::open(backup, Connection::Mode::Immutable, "");
  if (!opened) return forward(opened);
  Connection& connection = **opened;
  if (Result<void> ours = check_identity(connection); !ours) return ours;
  if (is_empty(connection).value_or(true)) {
    return fail(Category::Incorrect, kNotAStore, "The backup " + backup + " holds nothing.");
  }
  if (Result<void> known = check_schema(connection, with_own_tables(migrations)); !known) return known;
  const auto lines = integrity_lines(connection, false);
  if (!lines) return forward(lines);
  if (!lines->empty()) {
    return fail(Category::Incorrect, kStoreCorrupt,
                "The backup " + backup + " is damaged: " + lines->front());
  }
  return {};
}

// Moves what the old store's WAL holds into its file, so that no WAL is left that could be taken for the new
// one's.
Result<void> settle_old(const std::string& path) {
  if (file_exists(path) && file_exists(path + "-wal")) {
    auto old = Connection::open(path, Connection::Mode::ReadWrite, "");
    // A damaged old store is no reason to refuse its replacement.
    if (old) static_cast<void>((*old)->execute("PRAGMA wal_checkpoint(TRUNCATE)"));
  }
  Result<void> done = remove_file(path + "-wal");
  if (done) done = remove_file(path + "-shm");
  if (done) done = sync_folder_of(path);
  return done;
}

}  // namespace

Result<void> restore_store(const std::string& backup, const std::string& path,
                           std::span<const Migration> migrations) {
  Result<FileLock> lock = FileLock::take(path);
  if (!lock) return forward(lock);
  if (Result<void> sound = check_backup(backup, migrations); !sound) return sound;
  const std::string part = path + ".part";
  Result<void> done = copy_file(backup, part);
  if (done) done = settle_old(path);
  if (done) done = rename_durably(part, path);
  if (!done) static_cast<void>(remove_file(part));
  return done;
}

}  // namespace lienthong::store
