// From a node and a path to the bytes they name.

#include <algorithm>

#include "adapters/hl7v2/bytes.h"
#include "adapters/hl7v2/record.h"

namespace lienthong::hl7v2 {
namespace {

// Part `n` (1 …) of [begin, end) when it is cut at `delimiter`; absent behind the last one.
Slice part(const Scan& scan, Slice whole, char delimiter, std::uint32_t n) noexcept {
  const char* p = scan.data + whole.begin;
  const char* end = scan.data + whole.end;
  const char* stop = find_byte(p, end, delimiter);
  for (; n > 1; --n) {
    if (stop == end) return {};
    p = stop + 1;
    stop = find_byte(p, end, delimiter);
  }
  return {static_cast<std::uint32_t>(p - scan.data), static_cast<std::uint32_t>(stop - scan.data)};
}

bool is_null(const Scan& scan, Slice slice) noexcept {
  return slice.end - slice.begin == 2 && scan.data[slice.begin] == '"' && scan.data[slice.begin + 1] == '"';
}

}  // namespace

Record::Found Record::find_segment(const Node& node, const Path& path) noexcept {
  if (node.kind >= NodeKind::Segment) {
    const Scan& scan = scans_[node.scan];
    const bool same = node.kind == NodeKind::Segment && scan.segments[node.item].id == path.segment;
    return same ? Found{&scan, node.item, node.scan} : Found{};
  }
  for (std::uint32_t i = 1; i < scan_count_; ++i) {
    if (scans_[i].segments[0].id == path.segment) return {&scans_[i], 0, i};
  }
  const Range range = range_of(node);
  std::uint32_t at = next_segment(range, path, range.first);
  for (std::uint32_t n = 1; n < path.ordinal && at < range.end; ++n) at = next_segment(range, path, at + 1);
  return at < range.end ? Found{&scans_[0], at, 0} : Found{};
}

Record::Target Record::find(lt_node packed, lt_path number) noexcept {
  const Node node = Node::unpack(packed);
  if (number == 0) return find_own(node);
  const Path* path = find_path(number);
  return path == nullptr ? Target{} : find_path_target(node, *path);
}

Record::Target Record::find_path_target(const Node& node, const Path& path) noexcept {
  if (path.relative) {
    if (node.kind == NodeKind::Repetition) return find_in_repetition(find_own(node), path);
    if (node.kind == NodeKind::Component) return find_in_component(find_own(node), path);
    return {};
  }
  if (path.kind != PathKind::Groups) return find_in_segment(find_segment(node, path), path);
  if (node.kind >= NodeKind::Segment) return {};
  make_groups();
  const Range range = range_of(node);
  const std::uint32_t group = next_group(range, path, range.group + 1);
  return group == group_count_ ? Target{}
                               : Target{span_of_group(group), {&scans_[0], groups_[group].first, 0}};
}

Slice Record::span_of_group(std::uint32_t group) const noexcept {
  const Scan& scan = scans_[0];
  const Segment& first = scan.segments[groups_[group].first];
  const Segment& last = scan.segments[groups_[group].end - 1];
  return {first.begin, scan.end_of(last), true};
}

// The field that a repetition or component stands in ends at the first delimiter of the index behind it.
std::uint32_t Record::field_end(const Node& node) const noexcept {
  const Scan& scan = scans_[node.scan];
  const Segment& segment = scan.segments[node.item];
  const std::uint32_t* first = scan.index + segment.first;
  return *std::lower_bound(first, first + segment.fields, node.offset);
}

// Its parts are read one after another, so the last one is remembered.
Slice Record::own_repetition(const Node& node) noexcept {
  const lt_node packed = node.pack();
  if (packed != last_repetition_node_) {
    const Scan& scan = scans_[node.scan];
    last_repetition_ = part(scan, {node.offset, field_end(node)}, scan.delimiters.repetition, 1);
    last_repetition_node_ = packed;
  }
  return last_repetition_;
}

Record::Target Record::find_own(const Node& node) noexcept {
  const Scan& scan = scans_[node.scan];
  const Found owner{&scan, node.item, node.scan};
  switch (node.kind) {
    case NodeKind::Root:
      return {{scan.start, scan.size, true}, {&scan, 0, 0}};
    case NodeKind::Group:
      make_groups();
      return {span_of_group(node.item), {&scan, groups_[node.item].first, 0}};
    case NodeKind::Segment: {
      const Segment& segment = scan.segments[node.item];
      return {{segment.begin, scan.end_of(segment), true}, owner};
    }
    default:
      break;
  }
  const Delimiters& d = scan.delimiters;
  const Slice repetition = own_repetition(node);
  if (node.kind == NodeKind::Repetition) return {repetition, owner};
  const Slice component = part(scan, repetition, d.component, 1);
  if (node.kind == NodeKind::Component) return {component, owner};
  return {part(scan, component, d.subcomponent, 1), owner};
}

Slice Record::choose_repetition(const Scan& scan, Slice field, std::uint32_t repetition) const noexcept {
  return part(scan, field, scan.delimiters.repetition, repetition == 0 ? 1 : repetition);
}

Record::Target Record::find_in_segment(const Found& segment, const Path& path) noexcept {
  if (segment.scan == nullptr) return {};
  const Scan& scan = *segment.scan;
  const Segment& found = scan.segments[segment.segment];
  if (path.kind == PathKind::Segment) return {{found.begin, scan.end_of(found), true}, segment};
  const Slice field = scan.field(found, path.field);
  if (field.absent()) return {};
  if (field.literal) return path.component <= 1 && path.subcomponent <= 1 ? Target{field, segment} : Target{};
  const Slice repetition = choose_repetition(scan, field, path.repetition);
  if (path.kind == PathKind::Field || repetition.absent()) return {repetition, segment};
  return find_in_repetition({repetition, segment}, path);
}

Record::Target Record::find_in_repetition(Target repetition, const Path& path) const noexcept {
  const Scan& scan = *repetition.owner.scan;
  if (is_null(scan, repetition.slice)) {
    repetition.known = LT_NULL;  // the field is explicitly nothing, and so is every part of it
    return repetition;
  }
  const Slice component = part(scan, repetition.slice, scan.delimiters.component, path.component);
  const Target target{component, repetition.owner};
  if (path.kind == PathKind::Component || component.absent()) return target;
  return find_in_component(target, path);
}

Record::Target Record::find_in_component(Target component, const Path& path) const noexcept {
  const Scan& scan = *component.owner.scan;
  if (is_null(scan, component.slice)) {
    component.known = LT_NULL;
    return component;
  }
  return {part(scan, component.slice, scan.delimiters.subcomponent, path.subcomponent), component.owner};
}

}  // namespace lienthong::hl7v2
