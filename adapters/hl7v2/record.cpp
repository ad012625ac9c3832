#include "adapters/hl7v2/record.h"

#include "adapters/hl7v2/bytes.h"

namespace lienthong::hl7v2 {

lt_status Record::prepare(sdk::Host host, lt_text default_version) noexcept {
  default_version_ = default_version;
  const std::uint32_t segments = scans_[0].segment_count;
  if (segments >= Node::kMostItems / kDeepestGroup) return LT_LIMIT;
  groups_ = host.allocate<Group>(group_capacity(segments));
  return groups_ == nullptr ? LT_LIMIT : LT_OK;
}

const Structure& Record::structure() noexcept {
  if (structure_ == nullptr) {
    structure_ = &structure_for(header_text(9, 1), header_text(9, 2), header_text(9, 3));
  }
  return *structure_;
}

// Grouping waits until a path needs it: many messages are read without.
void Record::make_groups() noexcept {
  if (group_count_ == 0) group_count_ = group_segments(structure(), scans_[0], groups_);
}

Record::Range Record::range_of(const Node& node) noexcept {
  if (node.kind != NodeKind::Group) return {0, scans_[0].segment_count, 0};
  make_groups();
  if (node.item >= group_count_) return {0, 0, 0};
  return {groups_[node.item].first, groups_[node.item].end, node.item};
}

// A segment that the structure places both in the group itself and further down (NTE, OBX, ROL …) means the
// direct one.
bool Record::counts_here(const Range& range, SegmentId id, std::uint32_t segment) noexcept {
  const std::uint8_t definition = group_count_ == 0 ? std::uint8_t{0} : groups_[range.group].definition;
  if (!structure().groups[definition].shared.has(id)) return true;
  make_groups();
  return scans_[0].segments[segment].group == range.group;
}

std::uint32_t Record::next_segment(const Range& range, const Path& path, std::uint32_t from) noexcept {
  const SegmentId id = path.segment;
  const Segment* segments = scans_[0].segments;
  for (std::uint32_t i = from; i < range.end; ++i) {
    if (segments[i].id == id && (!path.shared || counts_here(range, id, i))) return i;
  }
  return range.end;
}

// The last name is the group's own; the others must stand above it, in this order, within `within`.
bool Record::group_matches(std::uint32_t group, std::uint32_t within, const Path& path) const noexcept {
  const auto name = [&](std::uint32_t g) { return structure_->groups[groups_[g].definition].name; };
  if (name(group) != path.groups[path.group_count - 1U]) return false;
  std::uint32_t wanted = path.group_count - 1U;
  for (std::uint32_t above = groups_[group].parent; wanted != 0 && above != within && above != 0;
       above = groups_[above].parent) {
    if (name(above) == path.groups[wanted - 1]) --wanted;
  }
  return wanted == 0;
}

// Groups within a group follow it directly.
std::uint32_t Record::next_group(const Range& range, const Path& path, std::uint32_t from) noexcept {
  for (std::uint32_t g = from; g < group_count_ && groups_[g].first < range.end; ++g) {
    if (group_matches(g, range.group, path)) return g;
  }
  return group_count_;
}

std::size_t Record::count(lt_node packed, lt_path number) noexcept {
  if (number == 0) return 1;
  const Path* path = find_path(number);
  if (path == nullptr) return 0;
  const Node node = Node::unpack(packed);
  switch (path->kind) {
    case PathKind::Groups:
      return count_groups(node, *path);
    case PathKind::Segment:
      return count_segments(node, *path);
    case PathKind::Field:
      return count_repetitions(node, *path);
    default:
      break;
  }
  const Target target = find(packed, number);
  return target.slice.absent() || target.slice.begin == target.slice.end ? 0 : 1;
}

std::size_t Record::count_segments(const Node& node, const Path& path) noexcept {
  if (path.ordinal != 0 || is_header(path.segment)) return find_segment(node, path).scan == nullptr ? 0 : 1;
  if (node.kind != NodeKind::Root && node.kind != NodeKind::Group) return 0;
  const Range range = range_of(node);
  std::size_t found = 0;
  std::uint32_t at = next_segment(range, path, range.first);
  for (; at < range.end; at = next_segment(range, path, at + 1)) ++found;
  return found;
}

std::size_t Record::count_groups(const Node& node, const Path& path) noexcept {
  if (node.kind != NodeKind::Root && node.kind != NodeKind::Group) return 0;
  make_groups();
  const Range range = range_of(node);
  std::size_t found = 0;
  std::uint32_t at = next_group(range, path, range.group + 1);
  for (; at < group_count_; at = next_group(range, path, at + 1)) ++found;
  return found;
}

std::size_t Record::count_repetitions(const Node& node, const Path& path) noexcept {
  const Found segment = find_segment(node, path);
  if (segment.scan == nullptr) return 0;
  const Scan& scan = *segment.scan;
  const Slice field = scan.field(scan.segments[segment.segment], path.field);
  if (field.absent() || field.literal || field.begin == field.end) return 0;
  if (path.repetition != 0) return choose_repetition(scan, field, path.repetition).absent() ? 0 : 1;
  return count_byte(scan.data + field.begin, scan.data + field.end, scan.delimiters.repetition) + 1;
}

lt_node Record::child(lt_node packed, lt_path number, std::size_t i) noexcept {
  const Path* path = find_path(number);
  if (path == nullptr) return packed;
  const Node node = Node::unpack(packed);
  LastChild& last = last_children_[number % last_children_.size()];
  const bool goes_on = last.valid && last.node == packed && last.path == number && last.i <= i;
  if (!goes_on) last = {packed, number, 0, 0, false};
  switch (path->kind) {
    case PathKind::Groups:
      return group_child(node, *path, i, last);
    case PathKind::Segment:
      return segment_child(node, *path, i, last);
    case PathKind::Field:
      return repetition_child(node, *path, i, last);
    default:
      break;
  }
  const Target target = find(packed, number);
  if (target.slice.absent()) return LT_ROOT;
  const NodeKind kind = path->kind == PathKind::Component ? NodeKind::Component : NodeKind::Subcomponent;
  return Node{kind, target.owner.scan_number, target.owner.segment, target.slice.begin}.pack();
}

lt_node Record::segment_child(const Node& node, const Path& path, std::size_t i, LastChild& last) noexcept {
  if (path.ordinal != 0 || is_header(path.segment)) {
    const Found found = find_segment(node, path);
    return found.scan == nullptr ? LT_ROOT
                                 : Node{NodeKind::Segment, found.scan_number, found.segment, 0}.pack();
  }
  const Range range = range_of(node);
  std::uint32_t at = last.valid ? last.at : next_segment(range, path, range.first);
  for (std::size_t seen = last.valid ? last.i : 0; seen < i && at < range.end; ++seen) {
    at = next_segment(range, path, at + 1);
  }
  if (at >= range.end) return LT_ROOT;
  last.i = i;
  last.at = at;
  last.valid = true;
  return Node{NodeKind::Segment, 0, at, 0}.pack();
}

lt_node Record::group_child(const Node& node, const Path& path, std::size_t i, LastChild& last) noexcept {
  make_groups();
  const Range range = range_of(node);
  std::uint32_t at = last.valid ? last.at : next_group(range, path, range.group + 1);
  for (std::size_t seen = last.valid ? last.i : 0; seen < i && at < group_count_; ++seen) {
    at = next_group(range, path, at + 1);
  }
  if (at >= group_count_) return LT_ROOT;
  last.i = i;
  last.at = at;
  last.valid = true;
  return Node{NodeKind::Group, 0, at, 0}.pack();
}

lt_node Record::repetition_child(const Node& node, const Path& path, std::size_t i,
                                 LastChild& last) noexcept {
  const Found segment = find_segment(node, path);
  if (segment.scan == nullptr) return LT_ROOT;
  const Scan& scan = *segment.scan;
  const Slice field = scan.field(scan.segments[segment.segment], path.field);
  if (field.absent()) return LT_ROOT;
  const char* end = scan.data + field.end;
  const std::size_t wanted = path.repetition == 0 ? i : path.repetition - 1U;
  std::uint32_t at = last.valid ? last.at : field.begin;
  for (std::size_t seen = last.valid ? last.i : 0; seen < wanted; ++seen) {
    const char* found = find_byte(scan.data + at, end, scan.delimiters.repetition);
    if (found == end) return LT_ROOT;
    at = static_cast<std::uint32_t>(found - scan.data) + 1;
  }
  if (path.repetition == 0) {
    last.i = i;
    last.at = at;
    last.valid = true;
  }
  return Node{NodeKind::Repetition, segment.scan_number, segment.segment, at}.pack();
}

}  // namespace lienthong::hl7v2
