#pragma once
// The tables of all rooms, in the order in which they are made.

#include <vector>

#include "gateway/store/migration.h"

namespace lienthong::app {

std::vector<store::Migration> all_migrations();

}  // namespace lienthong::app
