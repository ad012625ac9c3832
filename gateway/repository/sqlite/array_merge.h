#pragma once
// Lists that several sources contribute to. Source: semantics.md rules 6 and 9.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/repository/sqlite/merge_state.h"

namespace lienthong::repository::sqlite {

// identifier, name, address, telecom: each source has its own list.
bool merges_by_key(std::string_view group) noexcept;

// One list of all: the items of the source that decides first, then those of the others whose key
// (identifier: system and value; name, address: use; telecom: system and use) is not there yet. "" when no
// items.
std::string merge_lists(std::string_view group, std::vector<SourceList> lists);

}  // namespace lienthong::repository::sqlite
