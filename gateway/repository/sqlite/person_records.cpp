#include "gateway/repository/sqlite/person_records.h"

#include <algorithm>

#include "gateway/identity/links.h"
#include "gateway/identity/merges.h"
#include "gateway/repository/sqlite/resource_table.h"

namespace lienthong::repository::sqlite {
namespace {

using Rows = std::vector<std::int64_t>;

// The record and all that it was merged with.
Result<void> add_merged(store::Connection& connection, ResourceRow patient, Rows& rows) {
  if (std::find(rows.begin(), rows.end(), patient.value) != rows.end()) return {};
  rows.push_back(patient.value);
  const auto head = load_head(connection, patient);
  if (!head) return forward(head);
  const auto id = parse_uuid(head->id);
  if (!id) return {};
  const auto survivor = identity::survivor_of(connection, *id);
  if (!survivor) return forward(survivor);
  auto group = identity::replaced_by(connection, *survivor);
  if (!group) return forward(group);
  group->push_back(*survivor);
  for (const Uuid& one : *group) {
    if (one == *id) continue;
    const auto other = find_head(connection, head->type, to_string(one));
    if (!other) return forward(other);
    if (*other) rows.push_back((*other)->row.value);
  }
  return {};
}

}  // namespace

Result<Rows> records_of_person(store::Connection& connection, ResourceRow patient) {
  Rows rows;
  if (const auto added = add_merged(connection, patient, rows); !added) return forward(added);
  const Rows own = rows;
  for (const auto row : own) {
    const auto links = identity::links_of(connection, {row});
    if (!links) return forward(links);
    for (const auto& link : *links) {
      if (const auto added = add_merged(connection, link.other, rows); !added) return forward(added);
    }
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

}  // namespace lienthong::repository::sqlite
