#pragma once
// Several values in one element: joined by ';' (annex of QĐ 4750), diagnosis codes by some exporters by ','.

#include <string_view>

#include "adapters/bhyt/field.h"

namespace lienthong::bhyt {

// Positions count, so that parallel lists stay parallel: "A;;B" has three entries, "A;" one. Blank text has
// none.
std::size_t count_items(std::string_view list, FieldKind kind) noexcept;
// The entry at a position, trimmed; empty when there is none.
std::string_view item_at(std::string_view list, FieldKind kind, std::size_t position) noexcept;

}  // namespace lienthong::bhyt
