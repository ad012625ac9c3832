#include "gateway/repository/sqlite/relative_reference.h"

namespace lienthong::repository::sqlite {

RelativeReference parse_reference(std::string_view text) noexcept {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const TypeNumber type = type_number(text.substr(0, slash));
  std::string_view id = text.substr(slash + 1);
  id = id.substr(0, id.find('/'));
  return type == 0 || id.empty() || id.size() > 64 ? RelativeReference{} : RelativeReference{type, id};
}

}  // namespace lienthong::repository::sqlite
