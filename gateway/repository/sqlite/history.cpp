// Histories of one resource, a type, and the whole system: newest first (R4 §3.1.0.12).
#define XXH_INLINE_ALL  // hashes of short keys: faster than a call
#include <xxhash.h>

#include <algorithm>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/cursor.h"
#include "gateway/repository/sqlite/sqlite_repository.h"
#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

const store::Sql kChanges(
    "SELECT change, row, version FROM change WHERE type = ?1 AND change < ?2 AND updated >= ?3 "
    "ORDER BY change DESC LIMIT ?4");
const store::Sql kTypes("SELECT type FROM type_total");

struct Entry {
  std::int64_t change = 0;
  ResourceRow row;
  std::uint32_t version = 0;
};

Failure bad_cursor() {
  return fail(Category::Incorrect, kBadCursor, "This is not a next link of this history.");
}

std::uint64_t question_of(const HistoryRequest& request) {
  std::string text(request.type);
  text.append("/").append(request.id).append("/_history");
  if (request.since) text += std::to_string(request.since->time_since_epoch().count());
  return XXH3_64bits(text.data(), text.size());
}

Result<void> add_changes(store::Connection& connection, TypeNumber type, std::int64_t before,
                         std::int64_t since, std::uint32_t count, std::vector<Entry>& out) {
  store::Statement rows = connection.query(kChanges, type, before, since, count);
  for (;;) {
    const auto row = rows.step();
    if (!row) return forward(row);
    if (!*row) return {};
    out.push_back({rows.integer(0), rows.id<ResourceRow>(1), static_cast<std::uint32_t>(rows.integer(2))});
  }
}

// The newest `count` changes before `before` of one type, or of all types (0).
Result<std::vector<Entry>> changes_before(store::Connection& connection, TypeNumber type, std::int64_t before,
                                          std::int64_t since, std::uint32_t count) {
  std::vector<Entry> entries;
  std::vector<TypeNumber> types;
  if (type != 0) types.push_back(type);
  store::Statement rows = connection.statement(kTypes);
  while (type == 0) {
    const auto row = rows.step();
    if (!row) return forward(row);
    if (!*row) break;
    types.push_back(static_cast<TypeNumber>(rows.integer(0)));
  }
  for (const TypeNumber each : types) {
    if (const auto added = add_changes(connection, each, before, since, count, entries); !added)
      return forward(added);
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.change > b.change; });
  if (entries.size() > count) entries.resize(count);
  return entries;
}

}  // namespace

Result<HistoryPage> SqliteRepository::history(store::Connection& connection,
                                              const HistoryRequest& request) const {
  const std::uint64_t question = question_of(request);
  std::optional<Cursor> cursor;
  if (!request.cursor.empty() && !(cursor = decode_cursor(request.cursor, question))) return bad_cursor();
  const TypeNumber type = request.type.empty() ? TypeNumber{0} : type_number(request.type);
  if (!request.type.empty() && type == 0)
    return fail(Category::NotFound, kUnknownType, "FHIR R4 has no such resource type.");
  const std::uint32_t count = std::clamp<std::uint32_t>(request.count, 1, 1000);
  HistoryPage page;
  std::vector<Entry> entries;
  if (request.id.empty()) {
    const std::int64_t since = request.since ? request.since->time_since_epoch().count() : INT64_MIN;
    auto found = changes_before(connection, type, cursor ? cursor->first : INT64_MAX, since, count + 1);
    if (!found) return forward(found);
    entries = std::move(*found);
  } else {
    const auto head = find_head(connection, type, request.id);
    if (!head) return forward(head);
    if (!*head || ((*head)->flags & kPlaceholder) != 0) {
      return fail(Category::NotFound, kNoSuchResource, "There is no such resource.");
    }
    page.total = (*head)->version;
    const std::int64_t newest = cursor ? cursor->first - 1 : (*head)->version;
    for (std::int64_t v = newest; v >= 1 && entries.size() <= count; --v) {
      entries.push_back({v, (*head)->row, static_cast<std::uint32_t>(v)});
    }
  }
  if (entries.size() > count) {
    entries.resize(count);
    page.next = encode_cursor({question, entries.back().change, 0});
  }
  for (const Entry& entry : entries) {
    auto version = read_row_version(connection, entry.row, entry.version);
    if (!version) return forward(version);
    if (request.since && version->updated < *request.since) {
      page.next.clear();
      page.total.reset();
      break;
    }
    page.versions.push_back(std::move(*version));
  }
  return page;
}

}  // namespace lienthong::repository::sqlite
