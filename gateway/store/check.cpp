#include "gateway/store/check.h"

#include "gateway/store/error_numbers.h"
#include "gateway/store/maintenance.h"
#include "gateway/store/setup.h"

namespace lienthong::store {
namespace {

const Sql kFull("PRAGMA integrity_check(100)");
const Sql kQuick("PRAGMA quick_check(100)");

}  // namespace

Result<std::vector<std::string>> integrity_lines(Connection& connection, bool quick) {
  std::vector<std::string> lines;
  Statement statement = connection.statement(quick ? kQuick : kFull);
  for (;;) {
    const Result<bool> row = statement.step();
    if (!row && row.error().number == kStoreCorrupt) {  // too damaged even for the check
      lines.push_back(row.error().text);
      return lines;
    }
    if (!row) return forward(row);
    if (!*row) return lines;
    if (statement.text(0) != "ok") lines.emplace_back(statement.text(0));
  }
}

Result<std::vector<std::string>> check_store(const std::string& path, bool quick) {
  auto opened = Connection::open(path, Connection::Mode::ReadOnly, "");
  if (!opened) return forward(opened);
  if (const Result<void> ours = check_identity(**opened); !ours) return forward(ours);
  return integrity_lines(**opened, quick);
}

}  // namespace lienthong::store
