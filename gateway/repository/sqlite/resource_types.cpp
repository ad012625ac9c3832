#include "gateway/repository/sqlite/resource_types.h"

#include <algorithm>
#include <iterator>

#include "gateway/repository/sqlite/generated/resource_type_names.h"

namespace lienthong::repository::sqlite {

TypeNumber type_number(std::string_view name) noexcept {
  const auto* first = std::begin(generated::kResourceTypes);
  const auto* last = std::end(generated::kResourceTypes);
  const auto* found = std::lower_bound(first, last, name);
  return found == last || *found != name ? TypeNumber{0} : static_cast<TypeNumber>(found - first + 1);
}

std::string_view type_name(TypeNumber number) noexcept {
  if (number == 0 || number > type_count()) return {};
  return generated::kResourceTypes[number - 1];
}

TypeNumber type_count() noexcept {
  return static_cast<TypeNumber>(std::size(generated::kResourceTypes));
}

}  // namespace lienthong::repository::sqlite
