#pragma once
// What "inactive" and "entered-in-error" mean for each type. Source: semantics.md rule 9; R4's status
// elements.

#include <span>
#include <string_view>

#include "gateway/repository/sqlite/merge_state.h"

namespace lienthong::repository::sqlite {

struct EndingChange {
  std::string_view group;
  std::string_view text;  // the element's new text; empty: it goes
};

// Nothing for Ending::None and for types that have no way to say it.
std::span<const EndingChange> ending_changes(std::string_view resource_type, Ending ending) noexcept;

// "inactive" → Inactive; everything else → EnteredInError.
Ending ending_of(std::string_view name) noexcept;

}  // namespace lienthong::repository::sqlite
