#pragma once
// A few named values kept in the store: the installation's id, positions of slow jobs, small settings.

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/result.h"
#include "gateway/store/transaction.h"

namespace lienthong::store {

// Keys are "room.name". Overwrites.
Result<void> set_value(Transaction& transaction, std::string_view key, std::string_view value);
Result<void> remove_value(Transaction& transaction, std::string_view key);
// nullopt when there is none.
Result<std::optional<std::string>> get_value(Connection& connection, std::string_view key);

}  // namespace lienthong::store
