#pragma once
// Each room's tables come with the room: a list of migrations, applied in order when the store is opened.

#include <span>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/store/connection.h"

namespace lienthong::store {

// `sql` (ended by a zero, as a literal is) brings the room's tables from version - 1 to `version`. A room's
// migrations count from 1 without gaps; published ones never change.
struct Migration {
  std::string_view room;
  int version;
  const char* sql;
};

// Brings the database up to the migrations given, all in one transaction. Unsupported (LT-1207) if the file
// holds a room's version above the newest known here, or a room not known at all; nothing is changed then.
// Fault (LT-1208) if the SQL fails; nothing is changed.
Result<void> migrate(Connection& connection, std::span<const Migration> migrations);

// The check alone, for a file that must not be changed (restore).
Result<void> check_schema(Connection& connection, std::span<const Migration> migrations);

}  // namespace lienthong::store
