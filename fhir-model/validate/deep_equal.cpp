#include "fhir-model/validate/deep_equal.h"

namespace fhir::validate {
namespace {

bool same_scalar(const Node& a, const Node& b) {
  return a.kind() == b.kind() && a.text() == b.text();
}

bool any_item_holds(const Node& list, const Node& pattern) {
  for (const Node& item : list.children()) {
    if (holds_pattern(item, pattern)) return true;
  }
  return false;
}

}  // namespace

bool equals_fixed(const Node& value, const Node& fixed) {
  if (!value.is_object() && !value.is_array()) return same_scalar(value, fixed);
  if (value.kind() != fixed.kind() || value.child_count() != fixed.child_count()) return false;
  if (value.is_array()) {
    auto other = fixed.children().begin();
    for (const Node& item : value.children()) {
      if (!equals_fixed(item, *other)) return false;
      ++other;
    }
    return true;
  }
  for (const Node& member : fixed.children()) {
    const Node* own = value.find(member.json_name());
    if (own == nullptr || !equals_fixed(*own, member)) return false;
  }
  return true;
}

bool holds_pattern(const Node& value, const Node& pattern) {
  if (!pattern.is_object() && !pattern.is_array()) return same_scalar(value, pattern);
  if (value.kind() != pattern.kind()) return false;
  if (pattern.is_array()) {
    for (const Node& item : pattern.children()) {
      if (!any_item_holds(value, item)) return false;
    }
    return true;
  }
  for (const Node& member : pattern.children()) {
    const Node* own = value.find(member.json_name());
    if (own == nullptr || !holds_pattern(*own, member)) return false;
  }
  return true;
}

}  // namespace fhir::validate
