#pragma once
// What a loaded mapping consists of. Made by the compiler, read by the machine; private to this room.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateway/convert/claim.h"
#include "gateway/convert/code_table.h"
#include "gateway/convert/instruction.h"
#include "gateway/convert/made_up_values.h"
#include "gateway/convert/program.h"
#include "gateway/convert/sensitivity.h"
#include "gateway/convert/stencil_plan.h"

namespace lienthong::convert {

inline constexpr std::uint32_t kNone = 0xffffffff;
inline constexpr std::size_t kMaxLevels =
    12;  // nested places (groups, segments, repetitions) a mapping may stand in

// The nodes of one path, and the paths that the mapping reads below them: columns of PlaceValues (places.h).
struct PlaceKind {
  lt_path path = 0;  // 0: the record
  std::vector<lt_path> columns;
};

// Values of one place, 64 columns at a time: bits of those that an instruction is about.
struct ColumnMask {
  std::uint16_t level = 0;
  std::uint16_t kind = 0;  // ProgramData::places
  std::uint32_t word = 0;
  std::uint64_t bits = 0;
  bool operator==(const ColumnMask&) const = default;
};

// Where an instruction stands in the mapping and which element it writes.
struct MarkEntry {
  std::uint32_t file = 0;  // index in ProgramData::files
  std::uint32_t line = 0;
  std::uint32_t element = 0;  // index in ProgramData::texts: "Patient.name.family"
};

// How one resource type is written from one place. Shared by message-level resources and mentions.
struct ResourceProgram {
  std::string type;                 // "Patient"
  std::string reference;            // "reference":"Patient/
  std::uint32_t mark = 0;           // of the mapping's `resource:` line
  std::uint32_t condition = kNone;  // programs: truth register tells whether it is made
  std::uint32_t key = kNone;        // leaves the key; runs off its end without one when there is none
  std::uint32_t joined = kNone;     // truth: equal keys are continuations of one resource (TX and FT lines)
  std::uint32_t write = kNone;
  bool ordinal = false;  // equal keys are told apart by a counter
  std::string tag;       // meta.tag: a Coding as JSON; empty: none
};

// One entry of a message file: a resource, or a group that holds others.
struct MakeNode {
  std::uint32_t slot = kNone;       // number of its name; kNone for a group
  std::uint32_t local = 0;          // … among the names of its scope
  std::uint32_t resource = kNone;   // index in ProgramData::resources; kNone for a group
  std::uint32_t each_path = kNone;  // kNone: once, in the surrounding place
  std::uint32_t each_column = 0;    // packed: where each_path's values stand
  bool each = false;                // false with a path: only the first of them
  std::uint8_t level = 0;           // of the place that each_path starts from
  std::uint8_t node_level = 0;      // each: where its nodes go
  Role role = Role::Subject;
  bool required = false;  // a missing key is an error, not a warning
  std::uint32_t condition = kNone;
  std::uint32_t event = kNone;  // leaves the lifecycle event in the current value
  KeyEvent key_event = KeyEvent::None;
  std::uint32_t other = kNone, other_up = 0;  // of key_event: slot of the resource it names
  std::uint32_t snapshot_of = kNone;          // slot of the resource whose list this is; kNone: no snapshot
  std::uint32_t snapshot_up = 0;
  std::uint32_t whole = kNone;  // in MessageProgram::wholes: the list that this is a row of
  std::string snapshot_name;    // "AL1"
  std::string snapshot_ending;
  std::uint32_t first_child = 0, child_count = 0;  // in ProgramData::makes; groups only
};

// Semantics 15: a list that a later message of the same scope replaces.
struct WholeList {
  std::string name;                // "XML3"
  std::uint32_t complete = kNone;  // truth: what it does not list is gone
};

struct MessageProgram {
  std::uint32_t first = 0, count = 0;  // top-level makes
  std::vector<WholeList> wholes;
  std::uint32_t whole_of =
      kNone;  // slot, among the names of the message, of the resource whose lists they are
};

struct ProgramData {
  ProfileInfo profile;
  const Adapter* adapter = nullptr;
  lt_path accept_ack = 0, application_ack = 0;  // 0 = not told by this format
  std::vector<Instruction> code;
  std::vector<std::uint32_t> marks;  // of code, by index
  std::vector<MarkEntry> mark_entries;
  std::vector<std::string> files;
  std::vector<std::string> texts;  // element paths and literals that are compared
  std::vector<std::vector<std::string>> lists;
  std::string literals;
  std::vector<std::unique_ptr<CodeTable>> tables;
  Sensitivity sensitivity{nullptr};
  MadeUpValues made_up;
  bool is_guarded = false;  // the mapping's own words ask for labels: every resource is looked through
  std::vector<PlaceKind> places;
  std::vector<ColumnMask> masks;  // of SkipAbsent
  std::vector<ResourceProgram> resources;
  std::vector<StencilPlan> stencil_plans;  // of resources
  std::vector<MakeNode> makes;
  std::vector<std::string> slots;                               // names of resources in message files
  std::map<std::string, MessageProgram, std::less<>> messages;  // by type
  std::vector<ProgramFile> sources;
  std::string identity;
};

}  // namespace lienthong::convert
