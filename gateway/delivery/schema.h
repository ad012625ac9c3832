#pragma once
// Delivery's tables; hand them to Store::open.

#include <span>

#include "gateway/store/migration.h"

namespace lienthong::delivery {

std::span<const store::Migration> migrations() noexcept;

}  // namespace lienthong::delivery
