#pragma once
// SQLite's integrity check on an open connection.

#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/store/connection.h"

namespace lienthong::store {

// What is wrong, at most 100 lines; none: sound.
Result<std::vector<std::string>> integrity_lines(Connection& connection, bool quick);

}  // namespace lienthong::store
