#pragma once
// What one message says, in the shape the repository takes it: intake copies it from the converter's result
// (gateway/convert/claim.h), because the repository does not know the converter.
// Source: semantics.md rules 6 to 11.

#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"

namespace lienthong::repository {

inline constexpr std::uint32_t kNoClaim = 0xffffffff;

// Semantics 7: a Subject is updated; a Mention is created if absent and otherwise left alone.
enum class Role : std::uint8_t { Subject, Mention };

// Semantics 6: Part merges per top-level element; Whole replaces what its scope made before (semantics 15).
enum class Extent : std::uint8_t { Part, Whole };

// Semantics 3, 4: what happened to the resource of a claim and that of its `other`.
enum class KeyEvent : std::uint8_t {
  None,
  MergedInto,    // a Patient: the other takes its place from this event on
  RenumberedAs,  // both keys mean one resource, and always did: this one's is the older
  MovedFrom,     // a resource that belonged to the other, a Patient, until now
};

// One resource as the message states it. Views need to live only until prepare() returns.
struct ClaimInput {
  std::string_view resource_type;
  Role role = Role::Subject;
  Extent extent = Extent::Part;
  Uuid id;                 // minted by UUIDv5 of `key`
  std::string_view key;    // canonical business key
  std::string_view scope;  // Extent::Whole
  std::string_view event;  // lifecycle event of an Encounter, see encounter_event.h; else empty
  std::string_view json;   // the resource; must lie inside ClaimsInput::text
  Instant event_time{};
  std::uint32_t patient = kNoClaim;  // index of the Patient claim this belongs to; itself for a Patient
  std::uint32_t removed_first = 0, removed_count = 0;  // in ClaimsInput::removed
  KeyEvent key_event = KeyEvent::None;
  std::uint32_t other = kNoClaim;  // of key_event
};

// Where a minted id (36 characters) stands in ClaimsInput::text.
struct IdPlace {
  std::uint32_t offset = 0;
  std::uint32_t claim = 0;
};

// Semantics 9: the full list of one kind; earlier members of the scope that are missing now end.
struct SnapshotInput {
  std::string_view scope;
  std::string_view resource_type;
  std::string_view ending;  // "inactive" or "entered-in-error"
  Instant event_time{};
  std::uint32_t patient = kNoClaim;
  std::uint32_t member_first = 0, member_count = 0;  // in ClaimsInput::members
  // Semantics 15: a table of a dossier. An incomplete one only adds members; when the whole ones of a message
  // would end more than 30 % of what they held, nothing ends until ClaimSource::confirms_removals.
  bool is_whole = false;
  bool is_complete = true;
};

// A claim that an earlier conversion of the same message made (semantics 25): what is left of it gives way to
// `claims`, a later event's statements stay. A resource that `claims` makes no more becomes entered-in-error,
// unless others state it too.
struct SupersededInput {
  std::string_view resource_type;
  Uuid id;
  std::string_view event;
  std::string_view json;
  Instant event_time{};
};

struct ClaimsInput {
  std::string_view text;  // the resources' JSON one after another, references written "Type/id"
  std::vector<ClaimInput> claims;
  std::vector<IdPlace> id_places;  // ascending offsets
  std::vector<SnapshotInput> snapshots;
  std::vector<std::uint32_t> members;       // indices of claims
  std::vector<std::string_view> removed;    // names of top-level elements stated as nothing
  bool replay = false;                      // the message was applied before, perhaps under another mapping
  std::vector<SupersededInput> superseded;  // only with `replay`: its subjects then
};

// Who says it. Both ids are rows of the store's tables of names (store/names.h).
struct ClaimSource {
  SourceId source;
  FacilityId facility;
  std::int32_t precedence = 0;  // semantics 8: between sources the higher one decides
  // Semantics 11: a preliminary result may replace a final one if this source says so.
  bool may_downgrade_results = false;
  // Semantics 15: somebody looked at a removal that was held, and lets it happen.
  bool confirms_removals = false;
};

}  // namespace lienthong::repository
