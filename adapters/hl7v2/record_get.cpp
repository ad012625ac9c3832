// get(): the call made for every value of every message, so that the common paths have a short way of their
// own.

#include "adapters/hl7v2/bytes.h"
#include "adapters/hl7v2/record.h"

namespace lienthong::hl7v2 {
namespace {

bool is_null(const char* begin, const char* end) noexcept {
  return end - begin == 2 && begin[0] == '"' && begin[1] == '"';
}

// Moves [p, end) to its part `n` (1 …), cut at `delimiter`; false behind the last.
bool cut(const char*& p, const char*& end, char delimiter, std::uint32_t n) noexcept {
  const char* hit = find_byte(p, end, delimiter);
  for (; n > 1; --n) {
    if (hit == end) return false;
    p = hit + 1;
    hit = find_byte(p, end, delimiter);
  }
  end = hit;
  return true;
}

}  // namespace

lt_status Record::get(sdk::Host host, lt_node packed, lt_path number, lt_value& out) noexcept {
  const Path* path = find_path(number);
  if (path == nullptr || !path->plain) return fill(host, find(packed, number), out);
  const Segment* segment = plain_segment(packed, *path);
  if (segment != nullptr) return get_plain(host, *segment, *path, out);
  out = lt_value{{nullptr, 0}, sdk::kNoOffset, 0, LT_ABSENT, 0};
  return LT_OK;
}

const Segment* Record::plain_segment(lt_node packed, const Path& path) noexcept {
  const Node node = Node::unpack(packed);
  if (node.kind == NodeKind::Segment) {
    const Segment& segment = scans_[node.scan].segments[node.item];
    return node.scan == 0 && segment.id == path.segment ? &segment : nullptr;
  }
  if (node.kind > NodeKind::Segment) return nullptr;
  return first_segment(range_of(node), path.segment, path.shared);
}

const Segment* Record::first_segment(const Range& range, SegmentId id, bool shared) noexcept {
  const Scan& scan = scans_[0];
  for (std::uint32_t i = range.first; i < range.end; ++i) {
    if (scan.segments[i].id != id) continue;
    if (!shared || counts_here(range, id, i)) return &scan.segments[i];
  }
  return nullptr;
}

// As find_in_segment() and fill() do it, for the first repetition, without their detours.
lt_status Record::get_plain(sdk::Host host, const Segment& segment, const Path& path,
                            lt_value& out) noexcept {
  out = lt_value{{nullptr, 0}, sdk::kNoOffset, 0, LT_ABSENT, 0};
  const Scan& scan = scans_[0];
  const std::uint32_t field = path.field - (segment.id == kMsh ? 1U : 0U);
  if (field > segment.fields) return LT_OK;
  const std::uint32_t* index = scan.index + segment.first + field;
  const char* p = scan.data + index[-1] + 1;
  const char* end = find_byte(p, scan.data + *index, scan.delimiters.repetition);
  bool null = is_null(p, end);
  if (path.component != 0 && !null) {
    if (!cut(p, end, scan.delimiters.component, path.component)) return LT_OK;
    null = is_null(p, end);
    if (path.subcomponent != 0 && !null) {
      if (!cut(p, end, scan.delimiters.subcomponent, path.subcomponent)) return LT_OK;
      null = is_null(p, end);
    }
  }
  out.offset = static_cast<std::uint32_t>(p - scan.data);
  out.length = static_cast<std::uint32_t>(end - p);
  out.presence = null ? LT_NULL : p == end ? LT_EMPTY : LT_VALUE;
  if (out.presence != LT_VALUE) return LT_OK;
  out.text = {p, out.length};
  const char escape = scan.delimiters.escape;
  if (escape == '\0' || find_byte(p, end, escape) == end) return LT_OK;
  const auto number = static_cast<std::uint32_t>(&segment - scan.segments);
  return fill_escaped(host, {{out.offset, out.offset + out.length}, {&scan, number, 0}}, out);
}

}  // namespace lienthong::hl7v2
