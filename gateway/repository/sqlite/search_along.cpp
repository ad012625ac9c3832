// Search along the changes of a type: sorted by _lastUpdated, or limited by it, where no list limits the
// rows.
#include <algorithm>

#include "gateway/repository/sqlite/search_run.h"
#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

// A change row is of the newest version if the resource still has that change number.
const store::Sql kUpward(
    "SELECT c.row, c.change, c.updated, r.change, r.flags FROM change c CROSS JOIN resource r ON r.row = "
    "c.row "
    "WHERE c.type = ?1 AND c.change > ?2 ORDER BY c.change");
const store::Sql kDownward(
    "SELECT c.row, c.change, c.updated, r.change, r.flags FROM change c CROSS JOIN resource r ON r.row = "
    "c.row "
    "WHERE c.type = ?1 AND c.change < ?2 ORDER BY c.change DESC");
const store::Sql kNextChange(
    "SELECT change, updated FROM change WHERE type = ?1 AND change >= ?2 ORDER BY change LIMIT 1");
const store::Sql kLastChange("SELECT change FROM change WHERE type = ?1 ORDER BY change DESC LIMIT 1");

bool is_newest(const store::Statement& row) {
  return row.integer(1) == row.integer(3) && (row.integer(4) & (kDeleted | kPlaceholder)) == 0;
}

}  // namespace

Result<void> SearchRun::along_changes() {
  if (plan_.want_total) {
    const auto total = count_changes();
    if (!total) return forward(total);
    page_.total = *total;
  }
  return plan_.count_only ? Result<void>() : walk();
}

// The first change number of the type whose time is not before `micros`: times ascend with change numbers.
Result<std::int64_t> SearchRun::first_change_at(std::int64_t micros) {
  store::Statement last = connection_.query(kLastChange, plan_.type);
  const auto any = last.step();
  if (!any) return forward(any);
  std::int64_t below = 0, above = *any ? last.integer(0) + 1 : 1;
  while (below + 1 < above) {
    const std::int64_t middle = below + (above - below) / 2;
    store::Statement probe = connection_.query(kNextChange, plan_.type, middle);
    const auto found = probe.step();
    if (!found) return forward(found);
    const bool before = *found && probe.integer(1) < micros;
    (before ? below : above) = before ? probe.integer(0) : middle;
  }
  return above;
}

Result<std::uint64_t> SearchRun::count_changes() {
  const std::int64_t low = plan_.first_updated();
  const auto start = low == INT64_MIN ? Result<std::int64_t>(1) : first_change_at(low);
  if (!start) return forward(start);
  store::Statement rows = connection_.query(kUpward, plan_.type, *start - 1);
  for (std::uint64_t count = 0;;) {
    const auto row = rows.step();
    if (!row) return forward(row);
    if (!*row || rows.integer(2) > plan_.last_updated()) return count;
    if (!is_newest(rows) || !plan_.passes(rows.integer(2))) continue;
    const auto holds = checks_.empty() ? Result<bool>(true) : load(rows.integer(0));
    if (!holds) return forward(holds);
    count += *holds ? 1 : 0;
  }
}

Result<std::int64_t> SearchRun::walk_start(bool down) {
  if (after_) return after_->first;
  const std::int64_t low = plan_.first_updated(), high = plan_.last_updated();
  if (down) return high == INT64_MAX - 1 ? Result<std::int64_t>(INT64_MAX) : first_change_at(high + 1);
  if (low == INT64_MIN) return 0;
  const auto first = first_change_at(low);
  return first ? Result<std::int64_t>(*first - 1) : first;
}

Result<void> SearchRun::walk() {
  const bool down = plan_.order == Order::UpdatedDescending;
  const auto start = walk_start(down);
  if (!start) return forward(start);
  std::int64_t last = *start;
  store::Statement rows = connection_.query(down ? kDownward : kUpward, plan_.type, *start);
  for (;;) {
    const auto row = rows.step();
    if (!row) return forward(row);
    const bool over =
        *row && (down ? rows.integer(2) < plan_.first_updated() : rows.integer(2) > plan_.last_updated());
    if (!*row || over) return {};
    if (!is_newest(rows) || !plan_.passes(rows.integer(2))) continue;
    const auto holds = load(rows.integer(0));
    if (!holds) return forward(holds);
    if (!*holds) continue;
    if (page_.resources.size() == plan_.count) {
      page_.next = encode_cursor({plan_.question, last, 0});
      return {};
    }
    last = rows.integer(1);
    if (const auto shown = show(); !shown) return shown;
  }
}

}  // namespace lienthong::repository::sqlite
