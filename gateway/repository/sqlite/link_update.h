#pragma once
// After a Patient was written: who is the same person now (semantics 2), and new versions of those whose
// links changed.

#include <string_view>
#include <vector>

#include "gateway/repository/change.h"
#include "gateway/repository/sqlite/resource_table.h"

namespace lienthong::repository::sqlite {

// `body` as stored (plain; empty: deleted). Adds the other patients that got a new version to `changes`.
Result<void> update_patient_links(store::Transaction& transaction, ResourceTable& table, ResourceRow patient,
                                  std::string_view body, const MessageNumber& source,
                                  std::vector<Change>& changes);

// A Change for a resource's newest version.
Change change_of(const Head& head, bool changed);
// It was made by this write: adds it, or puts it in the place of the one for an earlier version.
void note_change(const Head& head, std::vector<Change>& changes);

}  // namespace lienthong::repository::sqlite
