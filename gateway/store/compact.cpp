#include "gateway/store/error_numbers.h"
#include "gateway/store/file_lock.h"
#include "gateway/store/file_steps.h"
#include "gateway/store/maintenance.h"
#include "gateway/store/setup.h"

namespace lienthong::store {

Result<void> compact_store(const std::string& path) {
  if (!file_exists(path)) {
    return fail(Category::NotFound, kFileProblem, "There is no store at " + path + ".");
  }
  Result<FileLock> lock = FileLock::take(path);
  if (!lock) return forward(lock);
  auto opened = Connection::open(path, Connection::Mode::ReadWrite, "");
  if (!opened) return forward(opened);
  Result<void> done = check_identity(**opened);
  if (done) done = set_durable(**opened);
  if (done) done = (*opened)->execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
  return done;
}

}  // namespace lienthong::store
