#include "gateway/repository/sqlite/array_merge.h"

#include <algorithm>

#include "gateway/repository/sqlite/elements.h"

namespace lienthong::repository::sqlite {
namespace {

std::string key_of(std::string_view group, std::string_view item) {
  const auto part = [&](std::string_view name) { return std::string(member_value(item, name)); };
  if (group == "identifier") return part("system") + '|' + part("value");
  if (group == "telecom") return part("system") + '|' + part("use");
  return part("use");
}

}  // namespace

bool merges_by_key(std::string_view group) noexcept {
  return group == "identifier" || group == "name" || group == "address" || group == "telecom";
}

std::string merge_lists(std::string_view group, std::vector<SourceList> lists) {
  std::sort(lists.begin(), lists.end(),
            [](const SourceList& a, const SourceList& b) { return beats(a.said, b.said); });
  std::string merged;
  std::vector<std::string> keys;
  for (const auto& list : lists) {
    std::vector<std::string> own;
    for (const auto item : split_array(list.value)) {
      std::string key = key_of(group, item);
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
      own.push_back(std::move(key));
      merged.append(merged.empty() ? "[" : ",").append(item);
    }
    keys.insert(keys.end(), own.begin(), own.end());
  }
  return merged.empty() ? merged : merged += ']';
}

}  // namespace lienthong::repository::sqlite
