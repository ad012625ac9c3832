#include "gateway/repository/sqlite/link_update.h"

#include <algorithm>

#include "gateway/identity/links.h"

namespace lienthong::repository::sqlite {

Change change_of(const Head& head, bool changed) {
  Change change;
  change.resource = head.row;
  change.type = type_name(head.type);
  change.id = head.id;
  change.version = head.version;
  change.changed = changed;
  change.created = changed && (head.flags & kCreated) != 0;
  change.deleted = head.deleted();
  change.lane = head.lane;
  change.test = (head.flags & kTest) != 0;
  change.change = changed ? head.change : 0;
  return change;
}

void note_change(const Head& head, std::vector<Change>& changes) {
  const auto same = std::find_if(changes.begin(), changes.end(),
                                 [&](const Change& change) { return change.resource == head.row; });
  if (same != changes.end()) {
    *same = change_of(head, true);
  } else {
    changes.push_back(change_of(head, true));
  }
}

Result<void> update_patient_links(store::Transaction& transaction, ResourceTable& table, ResourceRow patient,
                                  std::string_view body, const MessageNumber& source,
                                  std::vector<Change>& changes) {
  const auto facts = body.empty() ? identity::PersonFacts() : identity::person_facts(body);
  const auto links = identity::update_links(transaction, patient, facts, table.now());
  if (!links) return forward(links);
  if (!links->empty()) table.note_person(patient);
  for (const auto& link : *links) {
    auto head = load_head(transaction, link.other);
    if (!head) return forward(head);
    table.note_person(link.other);
    if (!head->live()) continue;
    if (const auto touched = table.touch(transaction, *head, source); !touched) return touched;
    note_change(*head, changes);
  }
  return {};
}

}  // namespace lienthong::repository::sqlite
