#include <filesystem>

#include "gateway/store/error_numbers.h"
#include "gateway/store/maintenance.h"
#include "gateway/store/reader.h"
#include "gateway/store/setup.h"

namespace lienthong::store {
namespace {

const Sql kPageSize("PRAGMA page_size");
const Sql kPages("PRAGMA page_count");
const Sql kFreePages("PRAGMA freelist_count");
const Sql kTables(
    "SELECT name, pageno, payload, unused FROM dbstat WHERE aggregate=TRUE ORDER BY pageno DESC, name");

Result<std::uint64_t> number(Connection& connection, const Sql& sql) {
  Statement statement = connection.statement(sql);
  const Result<bool> row = statement.step();
  if (!row) return forward(row);
  return static_cast<std::uint64_t>(statement.integer(0));
}

Result<std::vector<TableStats>> table_stats(Connection& connection) {
  std::vector<TableStats> tables;
  Statement statement = connection.statement(kTables);
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row) return forward(row);
    if (!*row) return tables;
    TableStats table;
    table.name = statement.text(0);
    table.pages = static_cast<std::uint64_t>(statement.integer(1));
    table.bytes = static_cast<std::uint64_t>(statement.integer(2));
    table.unused = static_cast<std::uint64_t>(statement.integer(3));
    tables.push_back(std::move(table));
  }
}

std::uint64_t size_of(const std::string& path) {
  std::error_code none;
  const auto size = std::filesystem::file_size(path, none);
  return none ? 0 : size;
}

}  // namespace

Result<StoreStats> store_stats(const std::string& path, const std::string& vfs) {
  auto opened = Connection::open(path, Connection::Mode::ReadOnly, vfs);
  if (!opened) return forward(opened);
  Connection& connection = **opened;
  if (const Result<void> ours = check_identity(connection); !ours) return forward(ours);
  StoreStats stats;
  stats.wal_bytes = size_of(path + "-wal");
  const auto page_size = number(connection, kPageSize);
  const auto pages = number(connection, kPages);
  const auto free_pages = number(connection, kFreePages);
  auto tables = table_stats(connection);
  if (!page_size) return forward(page_size);
  if (!pages) return forward(pages);
  if (!free_pages) return forward(free_pages);
  if (!tables) return forward(tables);
  stats.page_size = *page_size;
  stats.pages = *pages;
  stats.free_pages = *free_pages;
  stats.tables = std::move(*tables);
  return stats;
}

}  // namespace lienthong::store
