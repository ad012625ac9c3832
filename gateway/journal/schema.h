#pragma once
// The journal's tables; hand them to Store::open.

#include <span>

#include "gateway/store/migration.h"

namespace lienthong::journal {

std::span<const store::Migration> migrations() noexcept;

}  // namespace lienthong::journal
