#include "gateway/store/transaction.h"

#include <sqlite3.h>

namespace lienthong::store {

namespace {

constexpr std::size_t kMostNames = 10'000;  // a hostile sender's endless kinds do not fill the memory

}  // namespace

Result<std::int64_t> Transaction::remembered_id(const Sql& find, const Sql& add, std::string_view name) {
  Names& names = remembered_[find.index()];
  if (const auto known = names.find(name); known != names.end()) return known->second;
  std::int64_t id = 0;
  {
    Statement found = query(find, name);
    const Result<bool> row = found.step();
    if (!row) return forward(row);
    if (*row) id = found.integer(0);
  }
  if (id == 0) {
    if (const Result<void> added = run(add, name); !added) return forward(added);
    id = last_insert_rowid();
  }
  if (names.size() >= kMostNames) names.clear();
  names.emplace(name, id);
  return id;
}

std::int64_t Transaction::last_insert_rowid() const noexcept {
  return sqlite3_last_insert_rowid(handle());
}

std::int64_t Transaction::changes() const noexcept {
  return sqlite3_changes64(handle());
}

}  // namespace lienthong::store
