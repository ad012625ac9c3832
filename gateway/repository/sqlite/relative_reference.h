#pragma once
// Texts of references to resources of this store.

#include <string_view>

#include "gateway/repository/sqlite/resource_types.h"

namespace lienthong::repository::sqlite {

// "Patient/123", "Patient/123/_history/4" → type and id. Type 0 when it is no relative reference to a type of
// R4.
struct RelativeReference {
  TypeNumber type = 0;
  std::string_view id;
};
RelativeReference parse_reference(std::string_view text) noexcept;

}  // namespace lienthong::repository::sqlite
