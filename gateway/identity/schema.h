#pragma once
// The tables of this room.

#include <span>

#include "gateway/store/migration.h"

namespace lienthong::identity {

std::span<const store::Migration> migrations();

}  // namespace lienthong::identity
