#include "adapters/bhyt/list.h"

#include "adapters/bhyt/markup.h"

namespace lienthong::bhyt {
namespace {

std::size_t next_separator(std::string_view list, FieldKind kind, std::size_t from) noexcept {
  return kind == FieldKind::Codes ? list.find_first_of(";,", from) : list.find(';', from);
}

std::string_view without_last(std::string_view list, FieldKind kind) noexcept {
  list = trimmed(list);
  const auto separates = [&](char c) { return c == ';' || (c == ',' && kind == FieldKind::Codes); };
  while (!list.empty() && (separates(list.back()) || is_blank(list.back()))) list.remove_suffix(1);
  return list;
}

}  // namespace

std::size_t count_items(std::string_view list, FieldKind kind) noexcept {
  list = without_last(list, kind);
  if (list.empty()) return 0;
  std::size_t count = 1;
  for (auto at = next_separator(list, kind, 0); at != std::string_view::npos;
       at = next_separator(list, kind, at + 1)) {
    ++count;
  }
  return count;
}

std::string_view item_at(std::string_view list, FieldKind kind, std::size_t position) noexcept {
  std::size_t from = 0;
  for (; position > 0; --position) {
    const auto at = next_separator(list, kind, from);
    if (at == std::string_view::npos) return {};
    from = at + 1;
  }
  const auto end = next_separator(list, kind, from);
  return trimmed(list.substr(from, end == std::string_view::npos ? end : end - from));
}

}  // namespace lienthong::bhyt
