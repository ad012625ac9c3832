// Names of places, and every value in order.

#include <algorithm>

#include "adapters/hl7v2/bytes.h"
#include "adapters/hl7v2/place.h"
#include "adapters/hl7v2/record.h"

namespace lienthong::hl7v2 {
namespace {

// Segment names as numbers 0 … 33,695, for counting in long messages.
constexpr std::uint32_t kSegmentNames = 26 * 36 * 36;
std::uint32_t dense(SegmentId id) noexcept {
  const auto digit = [](std::uint32_t c) { return c >= 'A' ? c - 'A' : c - '0' + 26; };
  return (digit(id & 0xFF) * 36 + digit(id >> 8 & 0xFF)) * 36 + digit(id >> 16 & 0xFF);
}

// Cuts at a delimiter, part by part.
class Parts {
 public:
  Parts(const Scan& scan, Slice whole, char delimiter) noexcept
      : data_(scan.data), at_(whole.begin), end_(whole.end), delimiter_(delimiter) {}
  bool next(Slice& out) noexcept {
    if (done_) return false;
    const char* stop = find_byte(data_ + at_, data_ + end_, delimiter_);
    out = {at_, static_cast<std::uint32_t>(stop - data_)};
    done_ = out.end == end_;
    at_ = out.end + 1;
    return true;
  }
  bool only_one() const noexcept { return done_; }

 private:
  const char* data_;
  std::uint32_t at_, end_;
  char delimiter_;
  bool done_ = false;
};

Depth depth_of(const Path& path) noexcept {
  switch (path.kind) {
    case PathKind::Field:
      return Depth::Field;
    case PathKind::Component:
      return Depth::Component;
    case PathKind::Subcomponent:
      return Depth::Subcomponent;
    default:
      return Depth::Segment;
  }
}

Depth depth_of(NodeKind kind) noexcept {
  switch (kind) {
    case NodeKind::Repetition:
      return Depth::Field;
    case NodeKind::Component:
      return Depth::Component;
    case NodeKind::Subcomponent:
      return Depth::Subcomponent;
    default:
      return Depth::Segment;
  }
}

}  // namespace

std::uint32_t Record::ordinal(const Found& segment) const noexcept {
  const Segment* segments = segment.scan->segments;
  const SegmentId id = segments[segment.segment].id;
  return 1 + static_cast<std::uint32_t>(std::count_if(segments, segments + segment.segment,
                                                      [id](const Segment& other) { return other.id == id; }));
}

// The deepest name the bytes have.
lt_text Record::name_of(sdk::Host host, const Target& target) noexcept {
  const Scan& scan = *target.owner.scan;
  const Segment& segment = scan.segments[target.owner.segment];
  const Position position = position_of(scan, segment, target.slice.begin);
  const Depth depth = position.subcomponent > 1 ? Depth::Subcomponent
                      : position.component > 1  ? Depth::Component
                                                : Depth::Field;
  return host.copy(place_text(scan.name_of(segment), ordinal(target.owner), position, depth).view());
}

// Names what a path asks for even where the message lacks it: "PID[1]-8", or "PID-8" without the segment.
lt_text Record::place(sdk::Host host, lt_node packed, lt_path number) noexcept {
  const Node node = Node::unpack(packed);
  const Path* path = find_path(number);
  if (node.kind < NodeKind::Segment && path == nullptr)
    return host.copy(node.kind == NodeKind::Root ? "" : group_name(node));
  if (path != nullptr && path->kind == PathKind::Groups)
    return host.copy(group_names()[path->groups[path->group_count - 1U]]);
  const bool relative = path != nullptr && path->relative;
  const Found found = path == nullptr || relative ? Found{&scans_[node.scan], node.item, node.scan}
                                                  : find_segment(node, *path);
  Position position;
  if (node.kind >= NodeKind::Repetition)
    position = position_of(*found.scan, found.scan->segments[node.item], node.offset);
  Depth depth = depth_of(node.kind);
  if (path != nullptr) {
    depth = depth_of(*path);
    if (!relative) position.field = path->field;
    if (!relative && path->repetition != 0) {
      position.repetition = path->repetition;
      position.repeats = true;
    }
    if (path->component != 0) position.component = path->component;
    if (path->subcomponent != 0) position.subcomponent = path->subcomponent;
  }
  if (found.scan != nullptr) {
    const Segment& segment = found.scan->segments[found.segment];
    return host.copy(place_text(found.scan->name_of(segment), ordinal(found), position, depth).view());
  }
  const char name[3] = {static_cast<char>(path->segment & 0xFF), static_cast<char>(path->segment >> 8 & 0xFF),
                        static_cast<char>(path->segment >> 16 & 0xFF)};
  return host.copy(place_text({name, 3}, path->ordinal, position, depth).view());
}

std::string_view Record::group_name(const Node& node) noexcept {
  make_groups();
  const GroupName name = structure_->groups[groups_[node.item].definition].name;
  return name == kNoGroupName ? std::string_view() : group_names()[name];
}

// One value: its place, the path to it, and the text.
lt_status Record::tell_value(sdk::Host host, const Telling& telling, const Target& target,
                             const Position& position, Depth depth) noexcept {
  if (target.slice.begin == target.slice.end) return LT_OK;
  const std::string_view name = target.owner.scan->name_of(target.owner.scan->segments[target.owner.segment]);
  lt_value value;
  const lt_status status = fill(host, target, value);
  if (status != LT_OK) return status;
  const lt_text place = host.copy(place_text(name, telling.ordinal, position, depth).view());
  const lt_text path = host.copy(path_text(name, position, depth).view());
  if (place.data == nullptr || path.data == nullptr) return LT_LIMIT;
  telling.each(telling.context, place, path, &value);
  return LT_OK;
}

lt_status Record::tell_component(sdk::Host host, const Telling& telling, const Target& component,
                                 Position position, Depth depth) noexcept {
  const Scan& scan = *component.owner.scan;
  Parts parts(scan, component.slice, scan.delimiters.subcomponent);
  Slice slice;
  for (position.subcomponent = 1; parts.next(slice); ++position.subcomponent) {
    const bool whole = position.subcomponent == 1 && parts.only_one();
    const Depth own = whole ? depth : Depth::Subcomponent;
    const lt_status status = tell_value(host, telling, {slice, component.owner}, position, own);
    if (status != LT_OK) return status;
  }
  return LT_OK;
}

lt_status Record::tell_field(sdk::Host host, const Telling& telling, const Target& field,
                             Position position) noexcept {
  const Scan& scan = *field.owner.scan;
  Parts repetitions(scan, field.slice, scan.delimiters.repetition);
  Slice repetition;
  for (position.repetition = 1; repetitions.next(repetition); ++position.repetition) {
    position.repeats = position.repeats || !repetitions.only_one();
    Parts components(scan, repetition, scan.delimiters.component);
    Slice component;
    for (position.component = 1; components.next(component); ++position.component) {
      const bool whole = position.component == 1 && components.only_one();
      const Depth depth = whole ? Depth::Field : Depth::Component;
      const lt_status status = tell_component(host, telling, {component, field.owner}, position, depth);
      if (status != LT_OK) return status;
    }
  }
  return LT_OK;
}

lt_status Record::tell_segment(sdk::Host host, const Telling& telling, std::uint32_t number) noexcept {
  const Scan& scan = scans_[0];
  const Segment& segment = scan.segments[number];
  const std::uint32_t shift = is_header(segment.id) ? 1 : 0;
  for (std::uint32_t field = 1 + 2 * shift; field <= segment.fields + shift; ++field) {
    const Slice slice = scan.field(segment, field);
    if (slice.begin == slice.end) continue;
    Position position;
    position.field = field;
    const lt_status status = tell_field(host, telling, {slice, {&scan, number, 0}}, position);
    if (status != LT_OK) return status;
  }
  return LT_OK;
}

lt_status Record::each_value(sdk::Host host, lt_each_value each, void* context) noexcept {
  const Scan& scan = scans_[0];
  // Counting back is cheaper in short messages; long ones get a counter a name.
  constexpr std::uint32_t kShort = 256;
  const bool is_short = scan.segment_count <= kShort;
  auto* counters = is_short ? nullptr : host.allocate<std::uint32_t>(kSegmentNames);
  if (!is_short && counters == nullptr) return LT_LIMIT;
  for (std::uint32_t i = 0; i < scan.segment_count; ++i) {
    Telling telling{each, context, 0};
    telling.ordinal = is_short ? ordinal({&scan, i, 0}) : ++counters[dense(scan.segments[i].id)];
    const lt_status status = tell_segment(host, telling, i);
    if (status != LT_OK) return status;
  }
  return LT_OK;
}

}  // namespace lienthong::hl7v2
