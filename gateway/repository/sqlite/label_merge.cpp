#include "gateway/repository/sqlite/label_merge.h"

#include <set>
#include <vector>

#include "fhir-model/document/top_level_members.h"
#include "gateway/repository/sqlite/elements.h"

namespace lienthong::repository::sqlite {
namespace {

constexpr std::string_view kSecurity = "security";

void add_labels(std::string_view meta, std::set<std::string_view>& labels) {
  const auto list = member_value(meta, kSecurity);
  if (list.empty()) return;
  for (const auto label : split_array(list)) labels.insert(label);
}

std::string member_of(const std::set<std::string_view>& labels) {
  std::string text;
  for (const auto label : labels) text.append(text.empty() ? "\"security\":[" : ",").append(label);
  return text.empty() ? text : text += ']';
}

}  // namespace

std::string with_labels_of(std::string_view meta, std::string_view other) {
  std::set<std::string_view> labels;
  add_labels(other, labels);
  if (labels.empty()) return std::string(meta);
  add_labels(meta, labels);
  std::string merged = "{" + member_of(labels);
  std::vector<fhir::TopLevelMember> members;
  if (!meta.empty() && !fhir::split_top_level(meta, members)) return std::string(meta);
  for (const auto& member : members) {
    if (member.name == kSecurity) continue;
    merged.append(",\"").append(member.name).append("\":").append(member.value);
  }
  return merged += '}';
}

std::string labels_alone(std::string_view meta) {
  return with_labels_of({}, meta);
}

}  // namespace lienthong::repository::sqlite
