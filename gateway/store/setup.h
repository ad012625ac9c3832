#pragma once
// Making a database file ready: pragmas, identity, tables.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/base/uuid.h"
#include "gateway/store/connection.h"
#include "gateway/store/migration.h"

namespace lienthong::store {

// In every store's header: "LTst".
inline constexpr std::int64_t kApplicationId = 0x4c547374;

// The store's own tables followed by `migrations`.
std::vector<Migration> with_own_tables(std::span<const Migration> migrations);

// Incorrect (LT-1206) if the file belongs to another program or is no database; fine when it is empty.
Result<void> check_identity(Connection& connection);
Result<bool> is_empty(Connection& connection);

// Opens or creates the file for writing: layout, WAL, FULL, tables.
Result<std::unique_ptr<Connection>> open_for_writing(const std::string& path, const std::string& vfs,
                                                     std::span<const Migration> migrations);
// The pragmas of a connection that writes or checkpoints.
Result<void> set_durable(Connection& connection);

// Reads the installation's id, minting it first in a new file.
Result<Uuid> installation_id(Connection& connection);

}  // namespace lienthong::store
