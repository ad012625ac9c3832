#include "adapters/hl7v2/grouping.h"

namespace lienthong::hl7v2 {
namespace {

constexpr SegmentId kObx = segment_id("OBX");

class Grouper {
 public:
  Grouper(const Structure& structure, Group* groups) noexcept : structure_(structure), groups_(groups) {
    groups_[0] = {};
    result_name_ = find_group_name("OBSERVATION");
  }

  void place(Segment& segment, std::uint32_t at) noexcept {
    for (std::uint32_t group = open_;; group = groups_[group].parent) {
      if (joins(group, segment.id)) return attach(group, segment, at);
      if (opens_below(group, segment, at)) return;
      if (group == 0) break;
    }
    segment.group = open_;
  }

  std::uint32_t finish(std::uint32_t end) noexcept {
    close_until(0, end);
    groups_[0].end = end;
    return count_;
  }

 private:
  const GroupDefinition& definition(std::uint32_t group) const noexcept {
    return structure_.groups[groups_[group].definition];
  }

  // Whether the segment is a further part of this instance.
  bool joins(std::uint32_t group, SegmentId id) const noexcept {
    const GroupDefinition& rule = definition(group);
    const std::uint32_t anchor = rule.anchors.find(id);
    if (anchor < rule.anchors.count) {
      const std::uint32_t seen = groups_[group].anchors;
      return rule.any_order ? (seen >> anchor & 1) == 0 : seen >> anchor == 0;
    }
    if (!rule.members.has(id)) return false;
    return id != kObx || !rule.after_results || has_results(groups_[group].parent);
  }

  bool has_results(std::uint32_t group) const noexcept {
    for (std::uint32_t bit = 0; bit < structure_.count; ++bit) {
      const bool present = (groups_[group].sisters >> bit & 1) != 0;
      if (present && structure_.groups[bit].name == result_name_) return true;
    }
    return false;
  }

  // Whether a new instance of definition `child` in `group` could begin with this segment.
  bool may_open(std::uint32_t group, std::uint8_t child, SegmentId id) const noexcept {
    const GroupDefinition& rule = structure_.groups[child];
    const std::uint32_t sisters = groups_[group].sisters;
    if (rule.single && sisters >> child != 0) return false;
    const bool exists = (sisters >> child & 1) != 0;
    return rule.anchors.has(id) || (exists ? rule.restarts.has(id) : begins(child, id));
  }

  // Whether the segment is an anchor of the definition or of one within it.
  bool begins(std::uint8_t rule, SegmentId id) const noexcept { return next_towards(rule, id) != 0; }

  // The definition that follows `rule` on the way to the anchor, `rule` itself when it is its own; 0 = no
  // way.
  std::uint8_t next_towards(std::uint8_t rule, SegmentId id) const noexcept {
    if (structure_.groups[rule].anchors.has(id)) return rule;
    for (std::uint8_t below = static_cast<std::uint8_t>(rule + 1); below < structure_.count; ++below) {
      if (!structure_.groups[below].anchors.has(id)) continue;
      std::uint8_t step = below;
      while (step != 0 && structure_.groups[step].parent != rule) step = structure_.groups[step].parent;
      if (step != 0) return step;
    }
    return 0;
  }

  bool opens_below(std::uint32_t group, Segment& segment, std::uint32_t at) noexcept {
    const std::uint8_t rule = groups_[group].definition;
    for (std::uint8_t child = static_cast<std::uint8_t>(rule + 1); child < structure_.count; ++child) {
      if (structure_.groups[child].parent != rule || !may_open(group, child, segment.id)) continue;
      open_chain(group, child, segment, at);
      return true;
    }
    return false;
  }

  void open_chain(std::uint32_t group, std::uint8_t rule, Segment& segment, std::uint32_t at) noexcept {
    close_until(group, at);
    for (;;) {
      groups_[open_].sisters |= 1U << rule;
      groups_[count_] = {open_, at, at, 0, 0, rule};
      open_ = count_++;
      const std::uint8_t next = next_towards(rule, segment.id);
      if (next == rule) break;
      rule = next;
    }
    attach(open_, segment, at);
  }

  void attach(std::uint32_t group, Segment& segment, std::uint32_t at) noexcept {
    close_until(group, at);
    segment.group = group;
    const std::uint32_t anchor = definition(group).anchors.find(segment.id);
    if (anchor < definition(group).anchors.count) groups_[group].anchors |= 1U << anchor;
  }

  void close_until(std::uint32_t group, std::uint32_t at) noexcept {
    for (; open_ != group; open_ = groups_[open_].parent) groups_[open_].end = at;
  }

  const Structure& structure_;
  Group* groups_;
  std::uint32_t count_ = 1;
  std::uint32_t open_ = 0;
  GroupName result_name_;
};

}  // namespace

std::uint32_t group_segments(const Structure& structure, Scan& scan, Group* groups) noexcept {
  Grouper grouper(structure, groups);
  for (std::uint32_t i = 0; i < scan.segment_count; ++i) grouper.place(scan.segments[i], i);
  return grouper.finish(scan.segment_count);
}

}  // namespace lienthong::hl7v2
