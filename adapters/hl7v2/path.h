#pragma once
// Paths as mappings write them, resolved once a process: "PID-5.1", "PID-3[2].4.2", "OBX", "PATIENT/VISIT",
// ".4.2".
//
//   path     = groups | segment [ "-" field [ "." component [ "." subcomponent ] ] ] | relative
//   groups   = name { "/" name }         HL7's names of segment groups, outermost first
//   segment  = name [ "[" n "]" ]        the n-th such segment (1 …); without it the first, or all for
//   count() field    = number [ "[" n "]" ]      the n-th repetition relative = "." component [ "."
//   subcomponent ]   within a repetition;  "." subcomponent within a component

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

#include "adapters/hl7v2/structure.h"
#include "adapters/sdk/host.h"

namespace lienthong::hl7v2 {

enum class PathKind : std::uint8_t { None, Groups, Segment, Field, Component, Subcomponent };

struct Path {
  static constexpr std::uint8_t kMostGroups = 4;

  PathKind kind = PathKind::None;
  bool relative = false;  // begins within a repetition or a component
  bool plain =
      false;  // a field or a part of one, nothing numbered, no exceptions: Record::get() has a short way
  bool shared = false;  // some structure holds this segment in a group and in one within it (counts_here())
  std::uint8_t group_count = 0;
  std::array<GroupName, kMostGroups> groups{};
  SegmentId segment = 0;
  std::uint32_t ordinal = 0;     // which of the segments, 1 …; 0 = not said
  std::uint16_t field = 0;       // 1 …
  std::uint16_t repetition = 0;  // 1 …; 0 = not said
  std::uint16_t component = 0;   // 1 …
  std::uint16_t subcomponent = 0;

  bool operator==(const Path&) const = default;
};

// Resolves `text` relative to nodes of `context` (0 = the record).  LT_OK, LT_NOT_FOUND with the most similar
// path in `nearest` (empty if there is none), LT_LIMIT when the process knows 16,384 paths already.  Any
// thread; the same text and context give the same number in every instance.
lt_status resolve_path(sdk::Host host, lt_path context, std::string_view text, lt_path& out,
                       lt_text& nearest) noexcept;

// The paths known.  Entries never change once the count is past them, so readers take no lock.
constexpr std::uint32_t kMostPaths = 16'384;
extern Path path_entries[kMostPaths];
extern std::atomic<std::uint32_t> path_count;

// The path behind a number that resolve_path() gave; nullptr for 0 and for numbers nobody gave.
inline const Path* find_path(lt_path number) noexcept {
  return number - 1 < path_count.load(std::memory_order_acquire) ? &path_entries[number - 1] : nullptr;
}

}  // namespace lienthong::hl7v2
