#include "gateway/app/resource_diff.h"

#include <algorithm>
#include <map>

#include "fhir-model/document/json_reader.h"

namespace lienthong::app {
namespace {

struct Flat {
  std::string type, id;
  std::map<std::string, std::string> leaves;
};

// Depth is bounded by the reader's limit on nesting.
void flatten(const fhir::Node& node, const std::string& path, std::map<std::string, std::string>& leaves) {
  if (!node.is_array() && !node.is_object()) {
    leaves[path] = node.text();
    return;
  }
  std::size_t index = 0;
  for (const auto& child : node.children()) {
    if (node.is_array()) {
      flatten(child, path + '[' + std::to_string(index++) + ']', leaves);
    } else {
      flatten(child,
              path.empty() ? std::string(child.json_name()) : path + '.' + std::string(child.json_name()),
              leaves);
    }
  }
}

std::string text_of(const fhir::Node* object, std::string_view member) {
  const auto* found = object == nullptr ? nullptr : object->find(member);
  return found == nullptr ? std::string() : std::string(found->text());
}

std::vector<Flat> resources_of(const std::optional<std::string>& bundle) {
  std::vector<Flat> resources;
  if (!bundle) return resources;
  std::string padded = *bundle;
  padded.append(fhir::kPadding, '\0');
  fhir::Document document;
  if (!fhir::read_json({padded.data(), bundle->size()}, document)) return resources;
  const auto* entries = document.root().find("entry");
  if (entries == nullptr) return resources;
  for (const auto& entry : entries->children()) {
    const auto* resource = entry.find("resource");
    if (resource == nullptr) continue;
    Flat flat;
    flat.type = resource->resource_type();
    flat.id = text_of(resource, "id");
    flatten(*resource, "", flat.leaves);
    flat.leaves["request.method"] = text_of(entry.find("request"), "method");
    resources.push_back(std::move(flat));
  }
  return resources;
}

void compare_leaves(const std::map<std::string, std::string>& before,
                    const std::map<std::string, std::string>& after, std::vector<ElementDiff>& elements) {
  for (const auto& [path, text] : before) {
    const auto now = after.find(path);
    if (now == after.end()) {
      elements.push_back({path, DiffKind::Removed, text, {}});
    } else if (now->second != text) {
      elements.push_back({path, DiffKind::Changed, text, now->second});
    }
  }
  for (const auto& [path, text] : after) {
    if (!before.contains(path)) elements.push_back({path, DiffKind::Added, {}, text});
  }
  std::sort(elements.begin(), elements.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
}

const Flat* find(const std::vector<Flat>& resources, const Flat& wanted) {
  const auto found = std::find_if(resources.begin(), resources.end(), [&](const Flat& one) {
    return one.type == wanted.type && one.id == wanted.id;
  });
  return found == resources.end() ? nullptr : &*found;
}

}  // namespace

std::string_view name_of(DiffKind kind) noexcept {
  switch (kind) {
    case DiffKind::Added:
      return "added";
    case DiffKind::Changed:
      return "changed";
    case DiffKind::Removed:
      return "removed";
  }
  return "changed";
}

std::vector<ResourceDiff> compare_bundles(const std::optional<std::string>& before,
                                          const std::optional<std::string>& after) {
  const auto old_ones = resources_of(before);
  const auto new_ones = resources_of(after);
  std::vector<ResourceDiff> diffs;
  for (const auto& old_one : old_ones) {
    const auto* now = find(new_ones, old_one);
    ResourceDiff diff{old_one.type, old_one.id, now == nullptr ? DiffKind::Removed : DiffKind::Changed, {}};
    compare_leaves(old_one.leaves, now == nullptr ? std::map<std::string, std::string>() : now->leaves,
                   diff.elements);
    if (!diff.elements.empty()) diffs.push_back(std::move(diff));
  }
  for (const auto& new_one : new_ones) {
    if (find(old_ones, new_one) != nullptr) continue;
    ResourceDiff diff{new_one.type, new_one.id, DiffKind::Added, {}};
    compare_leaves({}, new_one.leaves, diff.elements);
    diffs.push_back(std::move(diff));
  }
  return diffs;
}

std::string without_indexes(std::string_view path) {
  std::string plain;
  bool inside = false;
  for (const char c : path) {
    if (c == '[') inside = true;
    if (!inside) plain += c;
    if (c == ']') inside = false;
  }
  return plain;
}

}  // namespace lienthong::app
