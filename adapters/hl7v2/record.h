#pragma once
// One opened message: answers for its values by path.  Lives in the host's memory; used by one thread.

#include <array>
#include <cstdint>
#include <string_view>

#include "adapters/hl7v2/grouping.h"
#include "adapters/hl7v2/node.h"
#include "adapters/hl7v2/path.h"
#include "adapters/hl7v2/place.h"
#include "adapters/hl7v2/scan.h"

namespace lienthong::hl7v2 {

class Record {
 public:
  // The scans it reads: [0] the message, then the headers of its file and batch.
  static constexpr std::uint32_t kMostScans = 3;

  Scan& scan(std::uint32_t i) noexcept { return scans_[i]; }
  void set_scan_count(std::uint32_t count) noexcept { scan_count_ = count; }
  // Chooses the structure and takes the memory that the groups will need.  LT_OK or LT_LIMIT.
  lt_status prepare(sdk::Host host, lt_text default_version) noexcept;

  // The functions of lt_adapter.
  lt_status envelope(sdk::Host host, lt_envelope& out) noexcept;
  std::size_t count(lt_node node, lt_path path) noexcept;
  lt_node child(lt_node node, lt_path path, std::size_t i) noexcept;
  lt_status get(sdk::Host host, lt_node node, lt_path path, lt_value& out) noexcept;
  // `plan`: a ReadingPlan.
  lt_status fetch(sdk::Host host, const void* plan, lt_node node, lt_value* values,
                  std::uint64_t* there) noexcept;
  lt_text place(sdk::Host host, lt_node node, lt_path path) noexcept;
  lt_status each_value(sdk::Host host, lt_each_value each, void* context) noexcept;

 private:
  struct Range {
    std::uint32_t first, end;  // segments
    std::uint32_t group;
  };
  struct Found {  // a segment, or none
    const Scan* scan = nullptr;
    std::uint32_t segment = 0;
    std::uint32_t scan_number = 0;
  };
  struct Target {  // the bytes a path names
    Slice slice;
    Found owner;
    lt_presence known = LT_VALUE;  // LT_NULL: a part of a field that is "" as a whole
  };
  struct Telling {  // who hears each value
    lt_each_value each;
    void* context;
    std::uint32_t ordinal;  // which of the segments of this name
  };
  struct LastChild {  // where the last child() stood, so that walking through many is linear
    lt_node node = 0;
    lt_path path = 0;
    std::size_t i = 0;
    std::uint32_t at = 0;
    bool valid = false;
  };

  void make_groups() noexcept;
  Range range_of(const Node& node) noexcept;
  bool counts_here(const Range& range, SegmentId id, std::uint32_t segment) noexcept;
  std::uint32_t next_segment(const Range& range, const Path& path, std::uint32_t from) noexcept;
  bool group_matches(std::uint32_t group, std::uint32_t within, const Path& path) const noexcept;
  std::uint32_t next_group(const Range& range, const Path& path, std::uint32_t from) noexcept;

  Found find_segment(const Node& node, const Path& path) noexcept;
  Target find(lt_node packed, lt_path number) noexcept;
  Slice own_repetition(const Node& node) noexcept;
  Target find_own(const Node& node) noexcept;
  Target find_path_target(const Node& node, const Path& path) noexcept;
  Target find_in_segment(const Found& segment, const Path& path) noexcept;
  Slice choose_repetition(const Scan& scan, Slice field, std::uint32_t repetition) const noexcept;
  Target find_in_repetition(Target repetition, const Path& path) const noexcept;
  Target find_in_component(Target component, const Path& path) const noexcept;
  Slice span_of_group(std::uint32_t group) const noexcept;
  std::uint32_t field_end(const Node& node) const noexcept;
  const Segment* plain_segment(lt_node packed, const Path& path) noexcept;
  const Segment* first_segment(const Range& range, SegmentId id, bool shared) noexcept;
  lt_status get_plain(sdk::Host host, const Segment& segment, const Path& path, lt_value& out) noexcept;
  lt_status fill(sdk::Host host, const Target& target, lt_value& out) noexcept;
  lt_status fill_escaped(sdk::Host host, const Target& target, lt_value& out) noexcept;
  void report_escape(sdk::Host host, const Target& target, std::uint32_t number,
                     std::uint32_t offset) noexcept;

  std::size_t count_segments(const Node& node, const Path& path) noexcept;
  std::size_t count_groups(const Node& node, const Path& path) noexcept;
  std::size_t count_repetitions(const Node& node, const Path& path) noexcept;
  lt_node segment_child(const Node& node, const Path& path, std::size_t i, LastChild& last) noexcept;
  lt_node group_child(const Node& node, const Path& path, std::size_t i, LastChild& last) noexcept;
  lt_node repetition_child(const Node& node, const Path& path, std::size_t i, LastChild& last) noexcept;

  lt_text name_of(sdk::Host host, const Target& target) noexcept;
  std::string_view group_name(const Node& node) noexcept;
  lt_status tell_value(sdk::Host host, const Telling& telling, const Target& target, const Position& position,
                       Depth depth) noexcept;
  lt_status tell_component(sdk::Host host, const Telling& telling, const Target& component, Position position,
                           Depth depth) noexcept;
  lt_status tell_field(sdk::Host host, const Telling& telling, const Target& field,
                       Position position) noexcept;
  lt_status tell_segment(sdk::Host host, const Telling& telling, std::uint32_t number) noexcept;
  std::uint32_t ordinal(const Found& segment) const noexcept;
  std::string_view text_at(const Path& path) noexcept;
  std::string_view plain_text(const Target& target) const noexcept;
  std::string_view header_text(std::uint16_t field, std::uint16_t component) noexcept;
  const Structure& structure() noexcept;
  lt_text type_of(sdk::Host host) noexcept;

  Scan scans_[kMostScans];
  std::uint32_t scan_count_;
  const Structure* structure_;
  Group* groups_;
  std::uint32_t group_count_;
  lt_text default_version_;
  std::array<LastChild, 8> last_children_;
  lt_node last_repetition_node_;  // 0 = none: the root is no repetition
  Slice last_repetition_;
  std::uint32_t escapes_reported_;
  std::uint32_t escape_offsets_[8];
};

}  // namespace lienthong::hl7v2
