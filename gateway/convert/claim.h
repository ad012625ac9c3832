#pragma once
// What a message says: a list of claims about resources (docs: semantics rules 6 to 11). A claim is not yet a
// stored resource: intake looks its key up and the repository merges it.

#include <cstdint>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/uuid.h"

namespace lienthong::convert {

// Semantics 7: what a message is about is updated; what it merely mentions is created if absent, else left
// alone.
enum class Role : std::uint8_t { Subject, Mention };

// Semantics 6: Part merges per top-level element; Whole replaces what its scope made before (semantics 15).
enum class Extent : std::uint8_t { Part, Whole };

// Semantics 3, 4: what the message says of the resource that a claim's key stands for, and of the `other`
// claim's.
enum class KeyEvent : std::uint8_t {
  None,
  MergedInto,    // a Patient: the other takes its place from this event on (HL7 v2 A40)
  RenumberedAs,  // both keys mean one resource, and always did: this one's is the older (A47, A50)
  MovedFrom,     // a resource that belonged to the other, a Patient, until now (A45)
};

inline constexpr std::uint32_t kNoClaim = 0xffffffff;

// One resource as one message states it. All views point into the Conversion that holds the claim.
struct Claim {
  std::string_view resource_type;  // "Patient"
  Role role = Role::Subject;
  Extent extent = Extent::Part;  // Whole: a member of a snapshot that is whole, or of `scope`
  Uuid id;                       // minted by UUIDv5 of `key`; the alias table may know another (semantics 3)
  std::string_view key;          // canonical business key "FACILITY|Patient|MR|authority|value"; never empty
  std::string_view
      scope;  // Extent::Whole: what is replaced as a whole, e.g. "FACILITY|MA_LK|value"; else empty
  std::string_view
      event;  // lifecycle event of an Encounter ("admit", "discharge" …; semantics 10), else empty
  std::string_view json;  // the resource's object within the bundle text, with "id"
  Instant event_time{};   // semantics 8; already limited to receipt + 10 minutes
  std::uint32_t patient =
      kNoClaim;  // index of the Patient claim this one belongs to (its lane); itself for a Patient
  std::uint32_t removed_first = 0,
                removed_count = 0;  // in Conversion::removed: top-level elements stated as nothing
  KeyEvent key_event = KeyEvent::None;
  std::uint32_t other = kNoClaim;  // of key_event: index of a claim; never kNoClaim with an event
};

// Where a minted id stands in the bundle text (36 characters), so that it can be patched in place when the
// alias table knows the key under another id. Covers the resource's own "id" and every reference to it.
struct IdPlace {
  std::uint32_t offset = 0;
  std::uint32_t claim = 0;
};

// Semantics 9: a full list of one kind for one patient (or visit) of one source. Earlier members of the same
// scope that are missing now end.
struct Snapshot {
  std::string_view scope;          // "FACILITY|source|Patient key|AL1"
  std::string_view resource_type;  // "AllergyIntolerance"
  std::string_view ending;         // what a missing member becomes: "inactive" or "entered-in-error"
  Instant event_time{};
  std::uint32_t patient = kNoClaim;
  std::uint32_t member_first = 0, member_count = 0;  // in Conversion::members: indices of claims
  // Semantics 15: a table of a dossier. Only a complete one ends what it no longer lists; each may be of
  // several types.
  bool is_whole = false;
  bool is_complete = true;
};

// How references inside the output are written.
enum class ReferenceStyle : std::uint8_t {
  UrnUuid,   // "urn:uuid:…", resolving to fullUrl: a transaction Bundle for any server (lienthong convert)
  Relative,  // "Patient/…": as the repository keeps it
};

// The result of one message. Owned by the Converter; valid until its next open().
struct Conversion {
  std::string_view
      bundle;  // one line: a transaction Bundle (UrnUuid) or the resources one after another (Relative)
  std::vector<Claim> claims;       // in the order of the bundle's entries; Patient before what refers to it
  std::vector<IdPlace> id_places;  // ascending offsets
  std::vector<Snapshot> snapshots;
  std::vector<std::uint32_t> members;
  std::vector<std::string_view> removed;
  std::uint32_t patient = kNoClaim;  // the message's main Patient claim
};

}  // namespace lienthong::convert
