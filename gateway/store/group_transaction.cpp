#include "gateway/store/group_transaction.h"

#include <sqlite3.h>

#include <utility>

namespace lienthong::store {
namespace {

const Sql kBegin("BEGIN IMMEDIATE");
const Sql kCommit("COMMIT");
const Sql kRollback("ROLLBACK");
const Sql kSavepoint("SAVEPOINT job");
const Sql kRelease("RELEASE job");
const Sql kUndo("ROLLBACK TO job");

constexpr int kBusyMs = 1'000;  // then begin() tells, so that a closing store is noticed

GroupTransaction::Damage damage_of(int code) noexcept {
  if (code == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE) return GroupTransaction::Damage::Full;
  // One unreadable place fails the job that needs it; all other feeds go on.
  if (code == SQLITE_IOERR_READ || code == SQLITE_IOERR_SHORT_READ) return GroupTransaction::Damage::None;
  switch (code & 0xff) {
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_NOMEM:
      return GroupTransaction::Damage::Failed;
    default:
      return GroupTransaction::Damage::None;
  }
}

}  // namespace

GroupTransaction::GroupTransaction(Connection&& connection) noexcept : Transaction(std::move(connection)) {
  sqlite3_busy_timeout(handle(), kBusyMs);
  sqlite3_wal_hook(handle(), &GroupTransaction::on_commit, this);
}

int GroupTransaction::on_commit(void* self, sqlite3*, const char*, int pages) noexcept {
  static_cast<GroupTransaction*>(self)->set_wal_pages(static_cast<std::uint64_t>(pages));
  return SQLITE_OK;
}

void GroupTransaction::note_damage(int code) {
  const Damage damage = damage_of(code);
  if (damage <= damage_) return;
  damage_ = damage;
  damage_error_ = error_for(code);
}

int GroupTransaction::after_step(int code) noexcept {
  if (code != SQLITE_ROW && code != SQLITE_DONE && code != SQLITE_OK) note_damage(code);
  return code;
}

bool GroupTransaction::alive() const noexcept {
  return sqlite3_get_autocommit(handle()) == 0;
}

Result<void> GroupTransaction::begin() {
  damage_ = Damage::None;
  return run(kBegin);
}

Result<void> GroupTransaction::commit() {
  return run(kCommit);
}

void GroupTransaction::rollback() {
  forget_ids();
  if (alive()) static_cast<void>(run(kRollback));
}

Result<void> GroupTransaction::savepoint() {
  return run(kSavepoint);
}

Result<void> GroupTransaction::release() {
  return run(kRelease);
}

Result<void> GroupTransaction::undo() {
  forget_ids();
  if (Result<void> undone = run(kUndo); !undone) return undone;
  return run(kRelease);
}

}  // namespace lienthong::store
