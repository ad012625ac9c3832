#include "fhir-model/document/duplicate_members.h"

#include <algorithm>
#include <vector>

namespace fhir {

void DuplicateMembers::compare(NodeWriter& nodes) {
  const Node& object = nodes.node(nodes.open_index());
  const Node& newest = nodes.newest();
  if (object.child_count() > kFew) return;  // sort() will find it
  const Node* member = &object + 1;
  for (; member != &newest; member += member->span()) {
    if (member->json_name() == newest.json_name()) {
      nodes.mark_duplicate(nodes.count() - 1);
      return;
    }
  }
}

void DuplicateMembers::sort(NodeWriter& nodes, std::size_t index) {
  std::vector<std::size_t> members;
  const Node& object = nodes.node(index);
  for (const Node& member : object.children())
    members.push_back(index + static_cast<std::size_t>(&member - &object));
  std::stable_sort(members.begin(), members.end(), [&nodes](std::size_t left, std::size_t right) {
    return nodes.node(left).json_name() < nodes.node(right).json_name();
  });
  for (std::size_t i = 1; i < members.size(); ++i) {
    if (nodes.node(members[i]).json_name() == nodes.node(members[i - 1]).json_name()) {
      nodes.mark_duplicate(members[i]);
    }
  }
}

}  // namespace fhir
