#pragma once
// Finds members of one object that have the same name.

#include <array>
#include <cstdint>

#include "fhir-model/document/node_writer.h"
#include "fhir-model/document/read_error.h"

namespace fhir {

// Watches the objects being read. Cheap for usual objects: one bit a name tells that no earlier member can
// have it. Objects with many members are sorted at their end, so that no input costs quadratic time.
class DuplicateMembers {
 public:
  void open(std::size_t depth) { seen_[depth] = 0; }
  // The newest node got its name, in the object at `depth` (< kMaxDepth).
  void named(NodeWriter& nodes, std::size_t depth) {
    const Node& member = nodes.newest();
    const std::uint64_t bit = std::uint64_t{1} << (hash(member) & 63U);
    if ((seen_[depth] & bit) != 0) compare(nodes);
    seen_[depth] |= bit;
  }
  // The object at `index` has all its members.
  void closed(NodeWriter& nodes, std::size_t index) {
    if (nodes.node(index).child_count() > kFew) sort(nodes, index);
  }

 private:
  static constexpr std::size_t kFew = 64;
  static std::size_t hash(const Node& member) {
    const std::string_view name = member.json_name();
    const auto first = name.empty() ? 0U : static_cast<unsigned char>(name.front());
    return member.atom() != kNoAtom ? member.atom() ^ (member.is_underscored() ? 32U : 0U)
                                    : first + name.size();
  }
  static void compare(NodeWriter& nodes);
  static void sort(NodeWriter& nodes, std::size_t index);

  std::array<std::uint64_t, kMaxDepth + 1> seen_;
};

}  // namespace fhir
