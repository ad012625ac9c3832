#pragma once
// The index of one message: where its segments and fields begin.  Components are found when they are asked
// for.

#include <cstdint>
#include <string_view>

#include "adapters/hl7v2/delimiters.h"
#include "adapters/sdk/host.h"

namespace lienthong::hl7v2 {

// A segment's name as a number: three letters, the first in the lowest byte.
using SegmentId = std::uint32_t;
constexpr SegmentId segment_id(std::string_view name) noexcept {
  return static_cast<SegmentId>(static_cast<unsigned char>(name[0])) |
         static_cast<SegmentId>(static_cast<unsigned char>(name[1])) << 8 |
         static_cast<SegmentId>(static_cast<unsigned char>(name[2])) << 16;
}
constexpr SegmentId kMsh = segment_id("MSH"), kFhs = segment_id("FHS"), kBhs = segment_id("BHS"),
                    kBts = segment_id("BTS"), kFts = segment_id("FTS");
// Segments whose first field is the field separator itself, so that their fields count differently.
constexpr bool is_header(SegmentId id) noexcept {
  return id == kMsh || id == kFhs || id == kBhs;
}
constexpr bool is_envelope_segment(SegmentId id) noexcept {
  return is_header(id) || id == kBts || id == kFts;
}

struct Segment {
  SegmentId id;
  std::uint32_t begin;   // offset of the name's first letter
  std::uint32_t first;   // its first delimiter's place in the index
  std::uint32_t fields;  // field separators in it
  std::uint32_t group;   // the group instance it belongs to (grouping.h)
};

// [begin, end) within the scanned bytes; `begin` = kAbsent when there is no such field.
struct Slice {
  static constexpr std::uint32_t kAbsent = UINT32_MAX;
  std::uint32_t begin = kAbsent;
  std::uint32_t end = kAbsent;
  bool literal = false;  // MSH-1 and MSH-2: their characters cut and escape nothing

  bool absent() const noexcept { return begin == kAbsent; }
};

struct Limits {
  std::uint32_t segments = 100'000;
  std::uint32_t fields = 4'000'000;
};

struct Scan {
  const char* data = nullptr;
  std::uint32_t size = 0;
  std::uint32_t start = 0;  // where the header segment begins; offsets count from `data`
  Delimiters delimiters;
  const std::uint32_t* index = nullptr;  // offsets of field separators and segment ends, rising
  Segment* segments = nullptr;
  std::uint32_t segment_count = 0;
  bool may_escape = true;  // somewhere behind the header's MSH-2

  std::uint32_t end_of(const Segment& segment) const noexcept {
    return index[segment.first + segment.fields];
  }
  // Field `n`, 1 …, numbered as HL7 numbers it; all its repetitions.
  Slice field(const Segment& segment, std::uint32_t n) const noexcept {
    if (is_header(segment.id)) {
      if (n <= 2) return header_field(segment, n);
      --n;
    }
    if (n == 0 || n > segment.fields) return {};
    const std::uint32_t* end = index + segment.first + n;
    return {end[-1] + 1, *end};
  }
  std::string_view name_of(const Segment& segment) const noexcept { return {data + segment.begin, 3}; }

 private:
  Slice header_field(const Segment& segment, std::uint32_t n) const noexcept {
    if (n == 1) return {segment.begin + 3, segment.begin + 4, true};
    if (n != 2 || segment.fields == 0) return {};
    return {index[segment.first] + 1, index[segment.first + 1], true};
  }
};

// Whether a segment starts at `p`: three name characters and then the field separator or the line's end.
bool starts_segment(const char* p, const char* end, char field) noexcept;

// Fills `out` for a message whose header segment begins at `start`.  LT_OK, LT_MALFORMED or LT_LIMIT; what
// was wrong is reported.  Lines that are no segment are joined to the field before them.
lt_status scan_message(sdk::Host host, std::string_view message, std::uint32_t start, const Limits& limits,
                       Scan& out) noexcept;

}  // namespace lienthong::hl7v2
