#pragma once
// Merges that another gateway's Patients state: its Patient.link says who was replaced by whom (semantics 3).

#include <string_view>

#include "gateway/base/result.h"
#include "gateway/repository/sqlite/resource_table.h"

namespace lienthong::repository::sqlite {

// Call after a delivered Patient was written; `body` as stored (plain). Only patients of one owner are taken
// together; a link to one that has not come yet is noted when that one comes and says so too. A replaced-by
// that is said no more is undone.
Result<void> note_received_merges(store::Transaction& transaction, ResourceTable& table, const Head& patient,
                                  std::string_view body);

}  // namespace lienthong::repository::sqlite
