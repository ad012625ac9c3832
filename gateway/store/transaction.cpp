#include "gateway/store/transaction.h"

#include <sqlite3.h>

namespace lienthong::store {

std::int64_t Transaction::last_insert_rowid() const noexcept {
  return sqlite3_last_insert_rowid(handle());
}

std::int64_t Transaction::changes() const noexcept {
  return sqlite3_changes64(handle());
}

}  // namespace lienthong::store
