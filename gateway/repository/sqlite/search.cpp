// Search: by key where there is one (the shortest way), else along the type's changes. Both ways give each
// live resource once, in a stable order, page by page.
#include <algorithm>

#include "fhir-model/definitions/definitions.h"
#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/body_codec.h"
#include "gateway/repository/sqlite/cursor.h"
#include "gateway/repository/sqlite/render.h"
#include "gateway/repository/sqlite/search_plan.h"
#include "gateway/repository/sqlite/sqlite_repository.h"
#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

const store::Sql kUnique("SELECT row FROM uniq WHERE hash BETWEEN ?1 AND ?2 ORDER BY row");
const store::Sql kReferences(
    "SELECT row FROM ref WHERE param = ?1 AND target = ?2 AND type = ?3 ORDER BY row");
const store::Sql kMeta("SELECT type, flags, updated, change FROM resource WHERE row = ?1");
const store::Sql kBody("SELECT body FROM resource WHERE row = ?1");
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
const store::Sql kTotal("SELECT live FROM type_total WHERE type = ?1");

using Rows = std::vector<std::int64_t>;  // sorted

struct Hit {
  std::int64_t order = 0;  // what the order compares first
  std::int64_t row = 0;
  auto operator<=>(const Hit&) const = default;
};

Result<void> collect(store::Statement& rows, Rows& out) {
  for (;;) {
    const auto row = rows.step();
    if (!row) return forward(row);
    if (!*row) return {};
    out.push_back(rows.integer(0));
  }
}

class Search {
 public:
  Search(store::Connection& connection, const SearchPlan& plan, std::string_view source_prefix)
      : connection_(connection), plan_(plan), source_prefix_(source_prefix) {}

  Result<SearchPage> run(std::string_view cursor) {
    if (!cursor.empty()) {
      after_ = decode_cursor(cursor, plan_.question);
      if (!after_) return fail(Category::Incorrect, kBadCursor, "This is not a next link of this search.");
    }
    page_.count_only = plan_.count_only;
    page_.used = plan_.used;
    const auto done = plan_.keys.empty() ? along_changes() : by_keys();
    if (!done) return forward(done);
    return std::move(page_);
  }

 private:
  // --- By keys ---
  Result<void> by_keys() {
    Rows rows;
    for (std::size_t i = 0; i < plan_.keys.size(); ++i) {
      const auto found = rows_of(plan_.keys[i]);
      if (!found) return forward(found);
      Rows both;
      if (i != 0)
        std::set_intersection(rows.begin(), rows.end(), found->begin(), found->end(),
                              std::back_inserter(both));
      rows = i == 0 ? *found : std::move(both);
    }
    std::vector<Hit> hits;
    for (const auto row : rows) {
      if (const auto looked = look(row, hits); !looked) return looked;
    }
    if (plan_.order == Order::UpdatedDescending) {
      std::sort(hits.begin(), hits.end(), std::greater<>());
    } else {
      std::sort(hits.begin(), hits.end());
    }
    page_.total = hits.size();
    return plan_.count_only ? Result<void>() : take_page(hits);
  }

  // Keeps the row if it is live, of the type, updated when asked for, and truly says what its hashes promise.
  Result<void> look(std::int64_t row, std::vector<Hit>& hits) {
    store::Statement meta = connection_.query(kMeta, row);
    const auto found = meta.step();
    if (!found) return forward(found);
    const bool live = *found && (meta.integer(1) & (kDeleted | kPlaceholder)) == 0;
    if (!live || meta.integer(0) != plan_.type || !plan_.passes(meta.integer(2))) return {};
    const auto true_match = says_it(row);
    if (!true_match) return forward(true_match);
    if (!*true_match) return {};
    hits.push_back({plan_.order == Order::Creation ? 0 : meta.integer(3), row});
    return {};
  }

  Result<bool> says_it(std::int64_t row) {
    const auto by_hash = [](const KeyFilter& filter) { return filter.by_hash(); };
    if (std::none_of(plan_.keys.begin(), plan_.keys.end(), by_hash)) return true;
    store::Statement stored = connection_.query(kBody, row);
    const auto found = stored.step();
    if (!found) return forward(found);
    const auto body = unpack(stored.blob(0));
    if (!body) return forward(body);
    return std::all_of(plan_.keys.begin(), plan_.keys.end(),
                       [&](const KeyFilter& filter) { return !filter.by_hash() || filter.holds(*body); });
  }

  Result<void> take_page(const std::vector<Hit>& hits) {
    auto next = hits.begin();
    if (after_) {
      const Hit last{after_->first, after_->second};
      next = plan_.order == Order::UpdatedDescending
                 ? std::upper_bound(hits.begin(), hits.end(), last, std::greater<>())
                 : std::upper_bound(hits.begin(), hits.end(), last);
    }
    for (; next != hits.end() && page_.resources.size() < plan_.count; ++next) {
      if (const auto added = add(next->row); !added) return added;
    }
    if (next != hits.end() && next != hits.begin()) {
      const Hit& last = *std::prev(next);
      page_.next = encode_cursor({plan_.question, last.order, last.row});
    }
    return {};
  }

  Result<Rows> rows_of(const KeyFilter& filter) {
    Rows rows;
    for (const auto& value : filter.values) {
      Result<void> done;
      switch (filter.kind) {
        case KeyFilter::Kind::Id:
          done = add_id(value, rows);
          break;
        case KeyFilter::Kind::Identifier:
          done = add_identifier(value, rows);
          break;
        case KeyFilter::Kind::Reference:
          done = add_references(filter.parameter, value, rows);
          break;
      }
      if (!done) return forward(done);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
  }

  Result<void> add_id(const KeyFilter::Value& value, Rows& rows) {
    const auto head = find_head(connection_, plan_.type, value.code);
    if (!head) return forward(head);
    if (*head) rows.push_back((*head)->row.value);
    return {};
  }

  Result<void> add_identifier(const KeyFilter::Value& value, Rows& rows) {
    const std::uint64_t hash = identifier_hash(plan_.type, value.system, value.code);
    const std::uint64_t low = value.any_system ? hash & ~kSystemBits : hash;
    const std::uint64_t high = value.any_system ? hash | kSystemBits : hash;
    store::Statement found =
        connection_.query(kUnique, static_cast<std::int64_t>(low), static_cast<std::int64_t>(high));
    return collect(found, rows);
  }

  Result<void> add_references(ReferenceParameter parameter, const KeyFilter::Value& value, Rows& rows) {
    if (value.types.empty()) return add_target(parameter, url_target(value.code), rows);
    for (const TypeNumber type : value.types) {
      const auto head = find_head(connection_, type, value.code);
      if (!head) return forward(head);
      if (!*head) continue;
      if (const auto added = add_target(parameter, (*head)->row.value, rows); !added) return added;
    }
    return {};
  }

  Result<void> add_target(ReferenceParameter parameter, std::int64_t target, Rows& rows) {
    store::Statement found = connection_.query(kReferences, parameter, target, plan_.type);
    return collect(found, rows);
  }

  // --- Along the changes of the type ---
  Result<void> along_changes() {
    const bool filtered = !plan_.updated.empty() || !plan_.not_updated.empty();
    if (plan_.want_total) {
      const auto total = filtered ? count_changes() : live_total();
      if (!total) return forward(total);
      page_.total = *total;
    }
    return plan_.count_only ? Result<void>() : walk();
  }

  Result<std::uint64_t> live_total() {
    store::Statement row = connection_.query(kTotal, plan_.type);
    const auto found = row.step();
    if (!found) return forward(found);
    return *found ? static_cast<std::uint64_t>(row.integer(0)) : 0;
  }

  std::int64_t low() const {
    std::int64_t value = INT64_MIN;
    for (const auto& range : plan_.updated) value = std::max(value, range.low);
    return value;
  }
  std::int64_t high() const {
    std::int64_t value = INT64_MAX;
    for (const auto& range : plan_.updated) value = std::min(value, range.high);
    return value;
  }

  // The first change number of the type whose time is not before `micros`: times ascend with change numbers.
  Result<std::int64_t> first_change_at(std::int64_t micros) {
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

  static bool is_newest(const store::Statement& row) {
    return row.integer(1) == row.integer(3) && (row.integer(4) & (kDeleted | kPlaceholder)) == 0;
  }

  Result<std::uint64_t> count_changes() {
    const auto start = low() == INT64_MIN ? Result<std::int64_t>(1) : first_change_at(low());
    if (!start) return forward(start);
    store::Statement rows = connection_.query(kUpward, plan_.type, *start - 1);
    for (std::uint64_t count = 0;;) {
      const auto row = rows.step();
      if (!row) return forward(row);
      if (!*row || rows.integer(2) > high()) return count;
      if (is_newest(rows) && plan_.passes(rows.integer(2))) ++count;
    }
  }

  Result<std::int64_t> walk_start(bool down) {
    if (after_) return after_->first;
    if (down) return high() == INT64_MAX ? Result<std::int64_t>(INT64_MAX) : first_change_at(high() + 1);
    if (low() == INT64_MIN) return 0;
    const auto first = first_change_at(low());
    return first ? Result<std::int64_t>(*first - 1) : first;
  }

  Result<void> walk() {
    const bool down = plan_.order == Order::UpdatedDescending;
    const auto start = walk_start(down);
    if (!start) return forward(start);
    std::int64_t last = *start;
    store::Statement rows = connection_.query(down ? kDownward : kUpward, plan_.type, *start);
    for (;;) {
      const auto row = rows.step();
      if (!row) return forward(row);
      if (!*row || (down ? rows.integer(2) < low() : rows.integer(2) > high())) return {};
      if (!is_newest(rows) || !plan_.passes(rows.integer(2))) continue;
      if (page_.resources.size() == plan_.count) {
        page_.next = encode_cursor({plan_.question, last, 0});
        return {};
      }
      last = rows.integer(1);
      if (const auto added = add(rows.integer(0)); !added) return added;
    }
  }

  Result<void> add(std::int64_t row) {
    const auto record = load_record(connection_, {row});
    if (!record) return forward(record);
    auto version = make_version(connection_, *record, record->body, source_prefix_);
    if (!version) return forward(version);
    page_.resources.push_back(std::move(*version));
    return {};
  }

  store::Connection& connection_;
  const SearchPlan& plan_;
  std::string_view source_prefix_;
  std::optional<Cursor> after_;
  SearchPage page_;
};

}  // namespace

Result<SearchPage> SqliteRepository::search(store::Connection& connection,
                                            const SearchRequest& request) const {
  const auto plan = plan_search(request);
  if (!plan) return forward(plan);
  return Search(connection, *plan, source_prefix_).run(request.cursor);
}

std::vector<SupportedParameter> SqliteRepository::search_parameters(std::string_view type) const {
  std::vector<SupportedParameter> all{{"_id", "token"}, {"_lastUpdated", "date"}};
  const auto& r4 = fhir::Definitions::r4();
  const auto* definition = r4.find_type(type);
  if (definition == nullptr || type_number(type) == 0) return {};
  if (r4.find_search_parameter(*definition, "identifier") != nullptr) all.push_back({"identifier", "token"});
  for (const std::string_view name : {"patient", "subject"}) {
    if (!reference_source(type, name).element.empty()) all.push_back({name, "reference"});
  }
  return all;
}

}  // namespace lienthong::repository::sqlite
