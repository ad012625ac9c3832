#include "gateway/repository/sqlite/received_merges.h"

#include <algorithm>
#include <vector>

#include "gateway/identity/error_numbers.h"
#include "gateway/identity/merges.h"
#include "gateway/repository/sqlite/elements.h"
#include "gateway/repository/sqlite/relative_reference.h"

namespace lienthong::repository::sqlite {
namespace {

constexpr std::size_t kMostLinks = 200;

// The Patients that links of this type name.
std::vector<Uuid> linked(std::string_view body, std::string_view type, TypeNumber patient) {
  std::vector<Uuid> ids;
  for (const auto item : split_array(member_value(body, "link"))) {
    if (unquoted(member_value(item, "type")) != type || ids.size() == kMostLinks) continue;
    const auto reference = parse_reference(unquoted(member_value(member_value(item, "other"), "reference")));
    const auto id = reference.type == patient ? parse_uuid(reference.id) : std::nullopt;
    if (id) ids.push_back(*id);
  }
  return ids;
}

Result<bool> is_of_owner(store::Connection& connection, const Head& patient, const Uuid& id) {
  const auto head = find_head(connection, patient.type, to_string(id));
  if (!head) return forward(head);
  return *head && (*head)->live() && (*head)->owner == patient.owner;
}

// The copies of results of these patients are judged anew (semantics 16).
Result<void> note_people(store::Transaction& transaction, ResourceTable& table, TypeNumber type,
                         const std::vector<Uuid>& changed) {
  for (const Uuid& id : changed) {
    const auto head = find_head(transaction, type, to_string(id));
    if (!head) return forward(head);
    if (*head) table.note_person((*head)->row);
  }
  return {};
}

Result<void> note(store::Transaction& transaction, ResourceTable& table, TypeNumber type,
                  const Uuid& replaced, const Uuid& survivor) {
  const auto known = identity::merged_with(transaction, replaced, Instant::max());
  if (!known) return forward(known);
  const bool there = std::any_of(known->begin(), known->end(), [&](const auto& merge) {
    return merge.is_survivor && merge.other == survivor;
  });
  if (there) return {};
  const auto merged = identity::merge(transaction, {replaced, survivor, table.now()}, table.now());
  // One that leads back is the sender's contradiction: both stay as they are.
  if (!merged && merged.error().number == identity::kCycle) return {};
  return merged ? note_people(transaction, table, type, merged->changed) : forward(merged);
}

}  // namespace

Result<void> note_received_merges(store::Transaction& transaction, ResourceTable& table, const Head& patient,
                                  std::string_view body) {
  const auto own = parse_uuid(patient.id);
  if (!own) return {};
  const auto survivors = linked(body, "replaced-by", patient.type);
  const auto known = identity::merged_with(transaction, *own, Instant::max());
  if (!known) return forward(known);
  for (const auto& merge : *known) {
    if (!merge.is_survivor || std::find(survivors.begin(), survivors.end(), merge.other) != survivors.end())
      continue;
    const auto undone = identity::undo_merge(transaction, *own, merge.other, table.now());
    if (!undone) return forward(undone);
    const auto noted = note_people(transaction, table, patient.type, *undone);
    if (!noted) return noted;
  }
  for (const Uuid& survivor : survivors) {
    const auto ours = is_of_owner(transaction, patient, survivor);
    if (!ours) return forward(ours);
    if (!*ours) continue;
    if (const auto noted = note(transaction, table, patient.type, *own, survivor); !noted) return noted;
  }
  for (const Uuid& replaced : linked(body, "replaces", patient.type)) {
    const auto ours = is_of_owner(transaction, patient, replaced);
    if (!ours) return forward(ours);
    if (!*ours) continue;
    if (const auto noted = note(transaction, table, patient.type, replaced, *own); !noted) return noted;
  }
  return {};
}

}  // namespace lienthong::repository::sqlite
