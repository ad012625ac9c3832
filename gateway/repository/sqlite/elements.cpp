#include "gateway/repository/sqlite/elements.h"

#include <algorithm>

#include "fhir-model/definitions/definitions.h"
#include "gateway/repository/error_numbers.h"

namespace lienthong::repository::sqlite {
namespace {

constexpr std::uint32_t kUnknownOrder = 0xFFFF;

std::string_view whole_member(const fhir::TopLevelMember& member) {
  const char* first = member.name.data() - 1;  // the opening quote
  return {first, static_cast<std::size_t>(member.value.data() + member.value.size() - first)};
}

// Where the value that begins at `at` ends: one behind its last character.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  int depth = 0;
  bool in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{' || c == '[') ++depth;
    if (depth == 0 && (c == ',' || c == ']')) return at;
    if (c == '}' || c == ']') --depth;
  }
  return at;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

const fhir::Type* definition_of(std::string_view resource_type) {
  return fhir::Definitions::r4().find_type(resource_type);
}

Group group_of(const fhir::Type& type, std::string_view member_name) {
  if (!member_name.empty() && member_name[0] == '_') member_name.remove_prefix(1);
  const auto match = fhir::find_member(type, fhir::find_atom(member_name));
  if (!match) return {member_name, kUnknownOrder};
  return {match.element->name.view(), match.element->index};
}

std::string_view ElementSplitter::stripped_meta(std::string_view meta) {
  if (!fhir::split_top_level(meta, meta_members_)) return meta;
  std::string kept;
  for (const auto& member : meta_members_) {
    const std::string_view bare = member.name.substr(member.name.starts_with('_') ? 1 : 0);
    if (bare == "versionId" || bare == "lastUpdated" || bare == "source") continue;
    kept.append(kept.empty() ? "\"meta\":{" : ",").append(whole_member(member));
  }
  if (kept.empty()) return {};
  kept += '}';
  return made_.emplace_back(std::move(kept));
}

void ElementSplitter::add(const fhir::Type& type, const fhir::TopLevelMember& member) {
  if (member.name == "resourceType" || member.name == "id" || member.name == "_id") return;
  std::string_view text = whole_member(member);
  if (member.name == "meta") text = stripped_meta(member.value);
  if (text.empty()) return;
  const Group group = group_of(type, member.name);
  const bool underscored = member.name.starts_with('_');
  const std::string_view value = underscored ? std::string_view() : member.value;
  const auto same = std::find_if(elements_.begin(), elements_.end(),
                                 [&](const Element& element) { return element.group == group.name; });
  if (same == elements_.end()) {
    elements_.push_back({group.name, text, value, group.order});
    return;
  }
  std::string both(underscored ? same->text : text);
  both.append(",").append(underscored ? text : same->text);
  same->text = made_.emplace_back(std::move(both));
  if (!underscored) same->value = value;
}

Result<const std::vector<Element>*> ElementSplitter::split(const fhir::Type& type, std::string_view json,
                                                           bool keep_order) {
  elements_.clear();
  made_.clear();
  if (!fhir::split_top_level(json, members_)) {
    return fail(Category::Incorrect, kNotAResource, "The content is not one JSON object.");
  }
  for (const auto& member : members_) add(type, member);
  if (!keep_order) {
    std::stable_sort(elements_.begin(), elements_.end(), [](const Element& a, const Element& b) {
      return a.order != b.order ? a.order < b.order : a.order == kUnknownOrder && a.group < b.group;
    });
  }
  return &elements_;
}

std::vector<std::string_view> split_array(std::string_view array) {
  std::vector<std::string_view> items;
  if (array.size() < 2 || array[0] != '[') return items;
  for (std::size_t at = 1; at < array.size();) {
    const std::size_t end = end_of_value(array, at);
    const std::string_view item = trimmed(array.substr(at, end - at));
    if (!item.empty()) items.push_back(item);
    at = end + 1;
  }
  return items;
}

std::string_view member_value(std::string_view object, std::string_view name) {
  thread_local std::vector<fhir::TopLevelMember> members;
  if (!fhir::split_top_level(object, members)) return {};
  for (const auto& member : members) {
    if (member.name == name) return member.value;
  }
  return {};
}

std::string_view unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"') return {};
  return value.substr(1, value.size() - 2);
}

}  // namespace lienthong::repository::sqlite
