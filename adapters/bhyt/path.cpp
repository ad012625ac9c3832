#include "adapters/bhyt/path.h"

#include <algorithm>
#include <array>

#include "adapters/bhyt/table.h"
#include "adapters/sdk/nearest.h"

namespace lienthong::bhyt {
namespace {

constexpr std::string_view kDossier = "HOSO";
constexpr std::string_view kNamed = "CO_";
constexpr std::string_view kRow = "row", kItem = "item";
constexpr std::string_view kGroups = "XML4[MA_DICH_VU]";
constexpr std::uint32_t kServices = 3, kResults = 4;  // XML3, XML4
constexpr std::size_t kMostNames = 128;
constexpr std::string_view kFacts[] = {"MACSKCB", "NGAYLAP", "SOLUONGHOSO", "QUYET_DINH",
                                       "NGAY_SINH_CHUA_CHAC"};

// Names to choose the most similar one from.
class Names {
 public:
  void add(std::string_view name) noexcept {
    if (size_ < names_.size()) names_[size_++] = name;
  }
  std::string_view nearest_to(std::string_view name) const noexcept {
    return sdk::nearest(name, {names_.data(), size_});
  }

 private:
  std::array<std::string_view, kMostNames> names_;
  std::size_t size_ = 0;
};

Names field_names(std::uint32_t number) noexcept {
  Names names;
  for (const auto& field : table(number).fields) names.add(field.name);
  names.add(kRow);
  names.add(kItem);
  return names;
}

bool find_fact(std::string_view name, Path& path) noexcept {
  for (std::uint32_t i = 0; i < std::size(kFacts); ++i) {
    if (name != kFacts[i]) continue;
    path = {PathKind::Fact, 0, i};
    return true;
  }
  const bool is_named = name.starts_with(kNamed);
  const auto number = find_table(is_named ? name.substr(kNamed.size()) : name);
  if (number == kNoTable) return false;
  const auto first = is_named ? FactKind::NamedTable0 : FactKind::WholeTable0;
  path = {PathKind::Fact, 0, static_cast<std::uint32_t>(first) + number};
  return true;
}

bool find_in_row(std::uint32_t number, std::string_view name, Path& path) noexcept {
  if (name == kRow || name == kItem) {
    path = {name == kRow ? PathKind::RowNumber : PathKind::CostNumber, number, 0};
    return true;
  }
  const auto field = find_field(number, name);
  if (field == kNoField || table(number).fields[field].name != name) return false;
  path = {PathKind::Field, number, field};
  return true;
}

// "XML4[MA_DICH_VU]", "XML3", "XML1/HO_TEN", "HOSO/NGAYLAP".
bool find_from_root(std::string_view text, Path& path) noexcept {
  if (text == kGroups) {
    path = {PathKind::Groups, kResults, 0};
    return true;
  }
  const auto slash = text.find('/');
  const auto head = text.substr(0, slash);
  if (head == kDossier) return slash != std::string_view::npos && find_fact(text.substr(slash + 1), path);
  const auto number = find_table(head);
  if (number == kNoTable || table(number).name != head) return false;
  if (slash != std::string_view::npos) return find_in_row(number, text.substr(slash + 1), path);
  path = {PathKind::Rows, number, 0};
  return true;
}

lt_text suggest_from_root(sdk::Host host, std::string_view text) noexcept {
  const auto slash = text.find('/');
  const auto head = text.substr(0, slash);
  const auto tail = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  Names names;
  for (std::uint32_t i = 0; i < kTableCount; ++i) names.add(table(i).name);
  names.add(kDossier);
  const auto number = find_table(head);
  const auto near_head = number != kNoTable ? table(number).name : names.nearest_to(head);
  if (near_head.empty()) return {nullptr, 0};
  if (tail.empty()) return host.copy(near_head);
  Names within;
  if (near_head == kDossier) {
    for (const auto fact : kFacts) within.add(fact);
  } else {
    within = field_names(find_table(near_head));
  }
  const auto near_tail = within.nearest_to(tail);
  if (near_tail.empty()) return {nullptr, 0};
  char joined[160];
  const auto size = near_head.size() + 1 + near_tail.size();
  if (size > sizeof joined) return {nullptr, 0};
  char* p = std::copy(near_head.begin(), near_head.end(), joined);
  *p++ = '/';
  std::copy(near_tail.begin(), near_tail.end(), p);
  return host.copy({joined, size});
}

bool find_path(const Path& context, std::string_view text, Path& path) noexcept {
  switch (context.kind) {
    case PathKind::None:
      return find_from_root(text, path);
    case PathKind::Rows:
      return find_in_row(context.table, text, path);
    case PathKind::Field: {
      if (text == ".") {  // the entry itself
        path = {PathKind::Parallel, context.table, context.field};
        return true;
      }
      if (text.size() < 2 || text[0] != '.' || !find_in_row(context.table, text.substr(1), path))
        return false;
      if (path.kind == PathKind::Field) path.kind = PathKind::Parallel;
      return path.kind == PathKind::Parallel;
    }
    case PathKind::Groups:
      if (text == "XML4" || text == "XML3") {
        path = {PathKind::Rows, text == "XML4" ? kResults : kServices, 0};
        return true;
      }
      if (text.substr(0, 5) == "XML3/") return find_in_row(kServices, text.substr(5), path);
      return find_in_row(kResults, text, path);
    default:
      return false;
  }
}

}  // namespace

lt_status resolve_path(sdk::Host host, lt_path context, std::string_view text, lt_path& out,
                       lt_text& nearest) noexcept {
  if (text.empty()) {
    out = 0;
    return LT_OK;
  }
  const Path from = Path::unpack(context);
  Path path;
  if (find_path(from, text, path)) {
    out = path.pack();
    return LT_OK;
  }
  if (from.kind == PathKind::None) {
    nearest = suggest_from_root(host, text);
  } else if (from.kind == PathKind::Rows || from.kind == PathKind::Groups) {
    const auto name = field_names(from.table).nearest_to(text);
    if (!name.empty()) nearest = host.copy(name);
  }
  return LT_NOT_FOUND;
}

}  // namespace lienthong::bhyt
