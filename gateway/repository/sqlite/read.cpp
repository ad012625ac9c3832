// Reading one resource or one of its versions.
#include <algorithm>
#include <charconv>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/relative_reference.h"
#include "gateway/repository/sqlite/render.h"
#include "gateway/repository/sqlite/sqlite_repository.h"
#include "gateway/store/sql.h"

namespace lienthong::repository::sqlite {
namespace {

const store::Sql kOld(
    "SELECT version, updated, flags, source, body FROM history WHERE row = ?1 AND version = ?2");
const store::Sql kCount("SELECT live FROM type_total WHERE type = ?1");
const store::Sql kCounts("SELECT type, live FROM type_total WHERE type < ?1 AND live > 0 ORDER BY type");

Failure not_found() {
  return fail(Category::NotFound, kNoSuchResource, "There is no such resource.");
}

Result<std::uint64_t> total_of(store::Connection& connection, TypeNumber number) {
  store::Statement row = connection.query(kCount, number);
  const auto found = row.step();
  if (!found) return forward(found);
  return *found ? static_cast<std::uint64_t>(row.integer(0)) : 0;
}

// The newest version's head, for a type and id from outside.
Result<Head> require_head(store::Connection& connection, std::string_view type, std::string_view id) {
  const TypeNumber number = type_number(type);
  if (number == 0) return fail(Category::NotFound, kUnknownType, "FHIR R4 has no such resource type.");
  auto head = find_head(connection, number, id);
  if (!head) return forward(head);
  if (!*head || ((*head)->flags & kPlaceholder) != 0) return not_found();
  return std::move(**head);
}

}  // namespace

Result<StoredVersion> SqliteRepository::read(store::Connection& connection, std::string_view type,
                                             std::string_view id) const {
  const auto head = require_head(connection, type, id);
  if (!head) return forward(head);
  if (head->deleted()) return fail(Category::NotFound, kGone, "The resource has been deleted.");
  return read_row(connection, head->row);
}

Result<StoredVersion> SqliteRepository::read_version(store::Connection& connection, std::string_view type,
                                                     std::string_view id, std::string_view version) const {
  const auto head = require_head(connection, type, id);
  if (!head) return forward(head);
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(version.data(), version.data() + version.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != version.data() + version.size()) return not_found();
  auto found = read_row_version(connection, head->row, number);
  if (found && found->deleted)
    return fail(Category::NotFound, kGone, "This version is the resource's deletion.");
  return found;
}

Result<StoredVersion> SqliteRepository::read_row(store::Connection& connection, ResourceRow row) const {
  const auto record = load_shown(connection, row);
  if (!record) return forward(record);
  if ((record->flags & kPlaceholder) != 0) return not_found();
  return make_version(connection, *record, record->body, source_prefix_);
}

Result<StoredVersion> SqliteRepository::read_row_version(store::Connection& connection, ResourceRow row,
                                                         std::uint32_t version) const {
  auto head = load_head(connection, row);
  if (!head) return forward(head);
  if (version == head->version) return read_row(connection, row);
  store::Statement old = connection.query(kOld, row, version);
  const auto found = old.step();
  if (!found) return forward(found);
  if (!*found) return not_found();
  head->version = static_cast<std::uint32_t>(old.integer(0));
  head->updated = Instant(std::chrono::microseconds(old.integer(1)));
  head->flags = static_cast<std::uint32_t>(old.integer(2));
  head->source.value = old.uuid(3);
  head->change = 0;
  head->sequence = 0;
  return make_version(connection, *head, old.blob(4), source_prefix_);
}

Result<std::vector<ResourceRow>> SqliteRepository::references_of(store::Connection& connection,
                                                                 const StoredVersion& version) const {
  static constexpr std::string_view kMember = "\"reference\":\"";
  std::vector<ResourceRow> rows;
  const std::string_view json = version.json;
  for (std::size_t at = 0; (at = json.find(kMember, at)) != std::string_view::npos;) {
    at += kMember.size();
    const std::string_view text = json.substr(at, json.find('"', at) - at);
    const RelativeReference reference = parse_reference(text);
    if (reference.type == 0) continue;
    const auto head = find_head(connection, reference.type, reference.id);
    if (!head) return forward(head);
    if (!*head || !(*head)->live()) continue;
    if (std::find(rows.begin(), rows.end(), (*head)->row) == rows.end()) rows.push_back((*head)->row);
  }
  return rows;
}

Result<std::uint64_t> SqliteRepository::count(store::Connection& connection, std::string_view type) const {
  const TypeNumber number = type_number(type);
  if (number == 0) return fail(Category::NotFound, kUnknownType, "FHIR R4 has no such resource type.");
  return total_of(connection, number);
}

Result<std::vector<Repository::TypeCount>> SqliteRepository::counts(store::Connection& connection) const {
  std::vector<TypeCount> all;
  store::Statement rows = connection.query(kCounts, kFirstTotal);
  for (;;) {
    const auto row = rows.step();
    if (!row) return forward(row);
    if (!*row) return all;
    all.push_back(
        {type_name(static_cast<TypeNumber>(rows.integer(0))), static_cast<std::uint64_t>(rows.integer(1))});
  }
}

Result<Repository::ResultCounts> SqliteRepository::result_counts(store::Connection& connection) const {
  ResultCounts counts;
  const std::pair<TypeNumber, std::uint64_t*> totals[] = {{type_number("Observation"), &counts.all},
                                                          {kCopiesTotal, &counts.copies},
                                                          {kTiedTotal, &counts.tied},
                                                          {kMadeUpTotal, &counts.made_up}};
  for (const auto& [number, count] : totals) {
    const auto total = total_of(connection, number);
    if (!total) return forward(total);
    *count = *total;
  }
  return counts;
}

}  // namespace lienthong::repository::sqlite
