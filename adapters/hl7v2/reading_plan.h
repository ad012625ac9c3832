#pragma once
// Which values of a node a mapping reads, sorted as they stand in a message, so that one walk finds all of
// them (lt_adapter::plan).  Made once for an adapter's instance, in the host's memory; then only read.

#include <cstdint>
#include <span>

#include "adapters/hl7v2/scan.h"
#include "adapters/sdk/host.h"

namespace lienthong::hl7v2 {

// One wanted value.  `component` 0: the field (or repetition) as a whole; `subcomponent` 0: the component.
struct PlannedValue {
  std::uint32_t number;  // among the paths of the plan
  std::uint16_t component, subcomponent;
};

// What is wanted of one field: values [first, end), by component and subcomponent.
struct PlannedField {
  std::uint32_t field;
  std::uint32_t first, end;
};

// What is wanted of the first segment of a name: fields [first, end), rising.
struct PlannedSegment {
  SegmentId segment;
  bool shared;  // Path::shared
  std::uint32_t first, end;
};

// A path that names segments: whether there is one.
struct PlannedPresence {
  SegmentId segment;
  bool shared;
  std::uint32_t number;
};

struct ReadingPlan {
  std::uint32_t count = 0;  // of paths
  std::span<const PlannedValue> values;
  std::span<const PlannedField> fields;
  std::span<const PlannedSegment> segments;
  std::span<const PlannedPresence> presences;
  std::span<const PlannedValue> parts;   // of a repetition
  std::span<const std::uint32_t> asked;  // paths with a way of their own: the host asks for each
};

// LT_OK, or LT_LIMIT when the host refused memory.
lt_status make_reading_plan(sdk::Host host, lt_path context, std::span<const lt_path> paths,
                            ReadingPlan*& out) noexcept;

}  // namespace lienthong::hl7v2
